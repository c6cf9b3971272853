package dev.vramcast.core.time;

/**
 * What the time of a whole run depends on beside the speed of its steps.
 *
 * @param parameters of the model, which are downloaded and loaded
 * @param evaluationSecondsPerToken of all GPUs together
 * @param checkpointBytes of one checkpoint from which training can go on
 */
public record RunSizes(
    double parameters, double evaluationSecondsPerToken, double checkpointBytes) {}
