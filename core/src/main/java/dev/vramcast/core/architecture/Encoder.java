package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.Projector;

/**
 * What a model runs on images: a vision transformer and a projector into the language model.
 *
 * @param grid how many patches and tokens an image is
 * @param seesWholeImages the language model's mask lets the tokens of an image see each other, so
 *     that there is always one
 * @param ownPositions each sequence has rotary tables of its own, by where its images stand
 * @param divided the result is divided by images and put together again
 */
public record Encoder(
    VisionStack stack,
    Projector projector,
    ImageGrid grid,
    boolean seesWholeImages,
    boolean ownPositions,
    boolean divided) {}
