/** Training frameworks with models and loops of their own, a file each. */
package dev.vramcast.core.job.framework.own;
