/** From a job document to a job in which nothing is left open. */
package dev.vramcast.core.job.resolve;
