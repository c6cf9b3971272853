/** The training frameworks: what each does about a key that the user left out. */
package dev.vramcast.core.job.framework;
