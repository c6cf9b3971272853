/** The choices of a job: method, precision, optimizer, strategy and their like. */
package dev.vramcast.core.job.option;
