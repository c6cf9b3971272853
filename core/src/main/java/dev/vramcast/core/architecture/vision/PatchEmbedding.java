package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
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
 * @param way by which pixels are projected
 * @param sound what else there is where it is no image
 * @param around norms of the pixels of a patch and of what is made of them; none for others
 * @param net what the whole tower is in place of a projection and layers; empty for others
 */
public record PatchEmbedding(
    Linear projection,
    Optional<Positions> positions,
    Optional<ParameterTensor> classToken,
    Optional<Norm> norm,
    Order order,
    InputEmbedding inputEmbedding,
    Pixels pixels,
    Way way,
    Optional<Sound> sound,
    List<Norm> around,
    Optional<ConvNet> net) {

  public PatchEmbedding {
    around = List.copyOf(around);
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
  public static PatchEmbedding ofSound(
      Linear first, ParameterTensor positions, Positions.Code code, Sound sound) {
    return new Builder(first)
        .positions(new Positions(positions, code))
        .inputEmbedding(InputEmbedding.CONVOLUTION)
        .sound(sound)
        .build();
  }

  /** A network whose cells are patches, of as many numbers as an image has for each. */
  public static PatchEmbedding ofNet(ConvNet net) {
    long pixels = 3L * net.side() * net.side() / ((long) net.cells() * net.cells());
    return new Builder(new Linear("", pixels, net.fusion().out(), false)).net(net).build();
  }

  /** None, of an encoder that reads tokens of so many features. */
  public static PatchEmbedding ofText(long features) {
    return new Builder(new Linear("", 0, features, false)).build();
  }

  /** A learned table that is added. */
  public record Positions(ParameterTensor table, Code code) {

    /** How the rows of patches are found. */
    public enum Code {
      /** By a look-up that all images share. */
      LOOKED_UP,
      /** As {@link #LOOKED_UP}, for patches behind their norm. */
      LOOKED_UP_BEHIND_NORM,
      /** By a look-up for each image. */
      LOOKED_UP_BY_IMAGE,
      /** The parameter itself has the shape of an image. */
      WHOLE,
      /** As {@link #WHOLE}, in fp32 whatever the others are; the sum is brought back. */
      IN_FP32,
      /** Each between four rows. */
      INTERPOLATED,
      /**
       * Rows are products of weights in fp32 and the table, for tiles that are filled up
       * (transformers Siglip2VisionEmbeddings of 5.24).
       */
      RESIZED,
      /** The table is sampled like a picture, in fp32, for patches behind their norm. */
      SAMPLED,
      /**
       * A copy of all rows but the first is stretched in fp32, image by image (transformers
       * HunYuanVLVisionPatchEmbed).
       */
      STRETCHED,
      /**
       * Sums of rows by weights, and a row each of a buffer of frames in fp32 (transformers
       * Kimi_K25VisionPositionEmbeddings).
       */
      WEIGHTED,
      /** One for the column and one for the row, which padding has none of. */
      BY_AXIS,
      /** As {@link #BY_AXIS}, of one table that has both beside each other. */
      BY_AXES_AT_ONCE
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

  /** What a projection is. */
  public enum Way {
    CONVOLUTION,
    /** A linear layer on patches as the processor gives them. */
    LINEAR,
    /** A linear layer on pixels that are scaled first. */
    SCALED,
    /** A linear layer on patches that are cut out first ({@code Unfold}). */
    UNFOLDED,
    /** A linear layer between two norms. */
    NORMED
  }

  /** What {@code get_input_embeddings} of the tower gives. */
  public enum InputEmbedding {
    NONE,
    CONVOLUTION,
    /**
     * The module that adds positions, too, whose output the model itself made require a gradient
     * before 5.0 (Idefics3ForConditionalGeneration.enable_input_require_grads).
     */
    WITH_POSITIONS
  }

  /** What becomes of pixels before the tower runs. */
  public enum Pixels {
    AS_THEY_ARE,
    /** Tiles of all images are put together (LlavaNextModel.get_image_features). */
    PUT_TOGETHER,
    /** They are cast (InternVLModel.get_image_features). */
    CAST,
    /** A convolution reads them as they are, which 16-bit weights refuse without autocast. */
    UNCAST,
    /** They are cast, and those of empty images left out (Idefics3Model.get_image_features). */
    CHOSEN
  }

  /** A convolution that is the tower's input embedding, and nothing else. */
  public static PatchEmbedding of(Linear projection) {
    return new Builder(projection).inputEmbedding(InputEmbedding.CONVOLUTION).build();
  }

  /** A linear layer on patches of the processor (transformers Siglip2VisionEmbeddings). */
  public static PatchEmbedding ofPatches(Linear projection) {
    return new Builder(projection)
        .way(Way.LINEAR)
        .inputEmbedding(InputEmbedding.CONVOLUTION)
        .build();
  }

  /** A linear layer on pixels that are scaled first (transformers Gemma4VisionPatchEmbedder). */
  public static PatchEmbedding ofLinear(Linear projection) {
    return new Builder(projection).way(Way.SCALED).build();
  }

  /** A linear layer on patches cut out of an image (transformers Llama4UnfoldConvolution). */
  public static PatchEmbedding ofUnfolded(Linear projection) {
    return new Builder(projection)
        .way(Way.UNFOLDED)
        .inputEmbedding(InputEmbedding.CONVOLUTION)
        .build();
  }

  /** A linear layer between two norms (transformers Gemma4UnifiedVisionEmbedder). */
  public static PatchEmbedding ofNormed(Norm before, Linear projection, Norm after) {
    return new Builder(projection).way(Way.NORMED).around(List.of(before, after)).build();
  }

  /** The same with a table of positions. */
  public PatchEmbedding positions(ParameterTensor table, Positions.Code code) {
    return new Builder(this).positions(new Positions(table, code)).build();
  }

  /** The same with a vector before the patches of each image. */
  public PatchEmbedding classToken(ParameterTensor token) {
    return new Builder(this).classToken(token).build();
  }

  /** The same with a norm behind it. */
  public PatchEmbedding norm(Norm value) {
    return new Builder(this).norm(value).build();
  }

  /** The same with patches that stand like that. */
  public PatchEmbedding order(Order value) {
    return new Builder(this).order(value).build();
  }

  /** The same, of which that is the tower's input embedding. */
  public PatchEmbedding inputEmbedding(InputEmbedding value) {
    return new Builder(this).inputEmbedding(value).build();
  }

  /** The same on pixels that are prepared so. */
  public PatchEmbedding pixels(Pixels value) {
    return new Builder(this).pixels(value).build();
  }

  /** Whether a linear layer projects, not a convolution. */
  public boolean isLinear() {
    return way != Way.CONVOLUTION;
  }

  /** Values of a patch in all channels. */
  public long values() {
    return projection.in();
  }

  /** Weights that a patch runs through, each as often as it does. */
  public double weights() {
    return net.map(ConvNet::products).orElseGet(() -> (double) projection.weightCount());
  }

  /** Whether tokens have to be brought out of the order of windows. */
  public boolean isInWindows() {
    return order == Order.IN_WINDOWS;
  }

  /** Hidden states of an image that stand for no patch. */
  public int besides() {
    return classToken.isPresent() ? 1 : 0;
  }

  /** Begins with a projection alone, or with all that is given. */
  private static final class Builder {

    private final Linear projection;
    private Optional<Positions> positions = Optional.empty();
    private Optional<ParameterTensor> classToken = Optional.empty();
    private Optional<Norm> norm = Optional.empty();
    private Order order = Order.AS_THEY_ARE;
    private InputEmbedding inputEmbedding = InputEmbedding.NONE;
    private Pixels pixels = Pixels.AS_THEY_ARE;
    private Way way = Way.CONVOLUTION;
    private Optional<Sound> sound = Optional.empty();
    private List<Norm> around = List.of();
    private Optional<ConvNet> net = Optional.empty();

    private Builder(Linear projection) {
      this.projection = projection;
    }

    private Builder(PatchEmbedding given) {
      this.projection = given.projection;
      this.positions = given.positions;
      this.classToken = given.classToken;
      this.norm = given.norm;
      this.order = given.order;
      this.inputEmbedding = given.inputEmbedding;
      this.pixels = given.pixels;
      this.way = given.way;
      this.sound = given.sound;
      this.around = given.around;
      this.net = given.net;
    }

    Builder positions(Positions value) {
      this.positions = Optional.of(value);
      return this;
    }

    Builder classToken(ParameterTensor value) {
      this.classToken = Optional.of(value);
      return this;
    }

    Builder norm(Norm value) {
      this.norm = Optional.of(value);
      return this;
    }

    Builder order(Order value) {
      this.order = value;
      return this;
    }

    Builder inputEmbedding(InputEmbedding value) {
      this.inputEmbedding = value;
      return this;
    }

    Builder pixels(Pixels value) {
      this.pixels = value;
      return this;
    }

    Builder way(Way value) {
      this.way = value;
      return this;
    }

    Builder sound(Sound value) {
      this.sound = Optional.of(value);
      return this;
    }

    Builder around(List<Norm> both) {
      this.around = both;
      return this;
    }

    Builder net(ConvNet value) {
      this.net = Optional.of(value);
      return this;
    }

    PatchEmbedding build() {
      return new PatchEmbedding(
          projection,
          positions,
          classToken,
          norm,
          order,
          inputEmbedding,
          pixels,
          way,
          sound,
          around,
          net);
    }
  }
}
