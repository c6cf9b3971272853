/** What a step optimises: a stage of training with its own settings. */
package dev.vramcast.core.job.objective;
