package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.Optional;

/**
 * How pixels become the hidden states of patches.
 *
 * @param projection a convolution whose stride is its kernel, as the product of a patch's pixels;
 *     or a linear layer
 * @param classToken a vector that stands before the patches of each image
 * @param norm of the hidden states before the first layer
 * @param inputEmbedding what {@code enable_input_require_grads} takes for the tower's input
 *     embedding
 * @param sound what else there is where it is no image
 */
public record PatchEmbedding(
    Linear projection,
    Optional<Positions> positions,
    Optional<ParameterTensor> classToken,
    Optional<Norm> norm,
    Order order,
    InputEmbedding inputEmbedding,
    Pixels pixels,
    boolean isLinear,
    Optional<Sound> sound) {

  /** One of an image. */
  public PatchEmbedding(
      Linear projection,
      Optional<Positions> positions,
      Optional<ParameterTensor> classToken,
      Optional<Norm> norm,
      Order order,
      InputEmbedding inputEmbedding,
      Pixels pixels,
      boolean isLinear) {
    this(
        projection,
        positions,
        classToken,
        norm,
        order,
        inputEmbedding,
        pixels,
        isLinear,
        Optional.empty());
  }

  /**
   * Two convolutions over frames of sound, each with a GELU, the second of which reads every other
   * frame (transformers WhisperEncoder). The table of positions is not trained.
   *
   * @param second as the product of three frames
   * @param frames of a segment
   * @param bands numbers of a frame
   */
  public record Sound(Linear second, int frames, int bands) {}

  /** Elements that full fine-tuning leaves: the table of positions of sound. */
  public long stillCount() {
    return sound.flatMap(each -> positions).map(each -> each.table().count()).orElse(0L);
  }

  /** Of a segment of sound. */
  public static PatchEmbedding ofSound(Linear first, ParameterTensor positions, Sound sound) {
    return new PatchEmbedding(
        first,
        Optional.of(new Positions(positions, Positions.Code.LOOKED_UP)),
        Optional.empty(),
        Optional.empty(),
        Order.AS_THEY_ARE,
        InputEmbedding.CONVOLUTION,
        Pixels.AS_THEY_ARE,
        false,
        Optional.of(sound));
  }

  /** None, of an encoder that reads tokens of so many features. */
  public static PatchEmbedding ofText(long features) {
    return of(new Linear("", 0, features, false)).inputEmbedding(InputEmbedding.NONE);
  }

  /** A learned table that is added. */
  public record Positions(ParameterTensor table, Code code) {

    /** How the rows of patches are found. */
    public enum Code {
      /** By a look-up that all images share. */
      LOOKED_UP,
      /** By a look-up for each image. */
      LOOKED_UP_BY_IMAGE,
      /** The parameter itself has the shape of an image. */
      WHOLE,
      /** Each between four rows. */
      INTERPOLATED,
      /** One for the column and one for the row, which padding has none of. */
      BY_AXIS
    }
  }

  /** Where patches stand. */
  public enum Order {
    AS_THEY_ARE,
    /** In the order of windows, out of which tokens are brought again. */
    IN_WINDOWS,
    /** Patches of all images in one sequence, in which a mask keeps them apart. */
    IN_ONE_SEQUENCE,
    /** Tiles with class tokens of their own, whose tower puts them together. */
    IN_TILES
  }

  /** What {@code get_input_embeddings} of the tower gives. */
  public enum InputEmbedding {
    NONE,
    CONVOLUTION,
    /** The module that adds positions, too. */
    WITH_POSITIONS
  }

  /** What becomes of pixels before the tower runs. */
  public enum Pixels {
    AS_THEY_ARE,
    /** Tiles of all images are put together (LlavaNextModel.get_image_features). */
    PUT_TOGETHER,
    /** They are cast (InternVLModel.get_image_features). */
    CAST,
    /** They are cast, and those of empty images left out (Idefics3Model.get_image_features). */
    CHOSEN
  }

  /** A convolution that is the tower's input embedding, and nothing else. */
  public static PatchEmbedding of(Linear projection) {
    return new PatchEmbedding(
        projection,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Order.AS_THEY_ARE,
        InputEmbedding.CONVOLUTION,
        Pixels.AS_THEY_ARE,
        false);
  }

  /** A linear layer on pixels that are scaled first (transformers Gemma4VisionPatchEmbedder). */
  public static PatchEmbedding ofLinear(Linear projection) {
    return new PatchEmbedding(
        projection,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Order.AS_THEY_ARE,
        InputEmbedding.NONE,
        Pixels.AS_THEY_ARE,
        true);
  }

  /** The same with a table of positions. */
  public PatchEmbedding positions(ParameterTensor table, Positions.Code code) {
    return new PatchEmbedding(
        projection,
        Optional.of(new Positions(table, code)),
        classToken,
        norm,
        order,
        inputEmbedding,
        pixels,
        isLinear);
  }

  /** The same with a vector before the patches of each image. */
  public PatchEmbedding classToken(ParameterTensor token) {
    return new PatchEmbedding(
        projection, positions, Optional.of(token), norm, order, inputEmbedding, pixels, isLinear);
  }

  /** The same with a norm behind it. */
  public PatchEmbedding norm(Norm value) {
    return new PatchEmbedding(
        projection,
        positions,
        classToken,
        Optional.of(value),
        order,
        inputEmbedding,
        pixels,
        isLinear);
  }

  /** The same with patches that stand like that. */
  public PatchEmbedding order(Order value) {
    return new PatchEmbedding(
        projection, positions, classToken, norm, value, inputEmbedding, pixels, isLinear);
  }

  /** The same, of which that is the tower's input embedding. */
  public PatchEmbedding inputEmbedding(InputEmbedding value) {
    return new PatchEmbedding(
        projection, positions, classToken, norm, order, value, pixels, isLinear);
  }

  /** The same on pixels that are prepared so. */
  public PatchEmbedding pixels(Pixels value) {
    return new PatchEmbedding(
        projection, positions, classToken, norm, order, inputEmbedding, value, isLinear);
  }

  /** Values of a patch in all channels. */
  public long values() {
    return projection.in();
  }

  /** Whether tokens have to be brought out of the order of windows. */
  public boolean isInWindows() {
    return order == Order.IN_WINDOWS;
  }

  /** Hidden states of an image that stand for no patch. */
  public int besides() {
    return classToken.isPresent() ? 1 : 0;
  }
}
