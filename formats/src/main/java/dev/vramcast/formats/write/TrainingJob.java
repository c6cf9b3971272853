package dev.vramcast.formats.write;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.Resolution;

/**
 * The job that a training file is to say.
 *
 * @param model id on the Hub, or a path
 * @param document what the user said
 * @param resolution the job that was estimated
 */
public record TrainingJob(String model, JobDocument document, Resolution resolution) {}
