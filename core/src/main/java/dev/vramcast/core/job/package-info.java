/**
 * Jobs: what a user may say about one ({@link dev.vramcast.core.job.document.JobKey}, {@link
 * dev.vramcast.core.job.document.JobDocument}), what the training frameworks do about the rest
 * ({@link dev.vramcast.core.job.resolve.JobResolver}), and the result in which nothing is left open
 * ({@link dev.vramcast.core.job.ResolvedJob}).
 */
@NullMarked
package dev.vramcast.core.job;

import org.jspecify.annotations.NullMarked;
