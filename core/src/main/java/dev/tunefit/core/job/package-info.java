/**
 * Jobs: what a user may say about one ({@link dev.tunefit.core.job.JobKey}, {@link
 * dev.tunefit.core.job.JobDocument}), what the training frameworks do about the rest ({@link
 * dev.tunefit.core.job.JobResolver}), and the result in which nothing is left open ({@link
 * dev.tunefit.core.job.ResolvedJob}).
 */
package dev.tunefit.core.job;
