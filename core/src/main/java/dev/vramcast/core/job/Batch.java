package dev.vramcast.core.job;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.job.option.Padding;
import java.util.Optional;

/**
 * The shape of a step on one GPU.
 *
 * @param microBatch sequences per forward pass
 * @param gradAccum micro-batches per optimizer step
 * @param sequenceLength tokens per sequence at the peak
 * @param segments documents that are packed into a sequence and do not see each other; where there
 *     are several, a micro-batch is one row of all its tokens, as TRL's padding-free collator and
 *     Transformers' DataCollatorWithFlattening make it
 * @param images of a sequence, whose tokens are among its own
 * @param targetLength tokens that a decoder writes after a sequence that an encoder reads; 0 where
 *     nobody says
 * @param sound of a sequence, whose tokens are among its own: an image as wide as it has frames
 */
public record Batch(
    int microBatch,
    int gradAccum,
    int sequenceLength,
    Padding padding,
    int segments,
    Images images,
    int targetLength,
    Images sound) {

  /** Of sequences that are one document each. */
  public Batch(int microBatch, int gradAccum, int sequenceLength, Padding padding) {
    this(microBatch, gradAccum, sequenceLength, padding, 1, Images.NONE, 0, Images.NONE);
  }

  /** Whether sequences hold images. */
  public boolean hasImages() {
    return images.count() > 0;
  }

  /** Whether sequences hold sound beside their text. */
  public boolean hasSound() {
    return sound.count() > 0;
  }

  /** Whether something is read beside text. */
  public boolean hasOthers() {
    return hasImages() || hasSound();
  }

  /** What an encoder is given. */
  public Images given(boolean ofSound) {
    return ofSound ? sound : images;
  }

  /** The same sequences, so many at a time and so many times before an update. */
  public Batch dividedInto(int newMicroBatch, int newGradAccum) {
    return new Batch(
        newMicroBatch,
        newGradAccum,
        sequenceLength,
        padding,
        segments,
        images,
        targetLength,
        sound);
  }

  /** The same whose sequences are texts of a segment of sound each, which counts as an image. */
  Batch hearing() {
    Images segment = new Images(1, Optional.empty());
    return new Batch(
        microBatch, gradAccum, sequenceLength, padding, segments, segment, targetLength, sound);
  }

  /** The decoder's, whose sequences are targets: the text that is read counts as an image. */
  Batch writing() {
    Images source = new Images(1, Optional.of(new ImageGrid.Size(sequenceLength, 1)));
    return new Batch(
        microBatch, gradAccum, targetLength, padding, segments, source, targetLength, sound);
  }

  /** Whether documents are packed. */
  public boolean packsDocuments() {
    return segments > 1;
  }

  /** Tokens of one forward pass. */
  public long tokens() {
    return (long) microBatch * sequenceLength;
  }
}
