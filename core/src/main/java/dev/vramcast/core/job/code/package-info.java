/** What a training framework's code does, as facts that a step and its time are derived from. */
package dev.vramcast.core.job.code;
