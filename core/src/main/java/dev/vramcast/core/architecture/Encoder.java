package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.SoundGrid;
import dev.vramcast.core.architecture.vision.TiledTower;
import java.util.List;
import java.util.Optional;

/**
 * What a model runs on images or sound: a transformer and a projector into the language model.
 *
 * @param grid how many patches and tokens an image is
 * @param rowEnd a learned vector that ends the rows of a canvas of tiles
 * @param branches what enters the language model behind its first layers, one layer each
 * @param crossing layers of the language model that look at the result; empty where it stands among
 *     the tokens
 */
public record Encoder(
    VisionStack stack,
    Projector projector,
    ImageGrid grid,
    Tokens tokens,
    Joining joining,
    Optional<ParameterTensor> rowEnd,
    List<Branch> branches,
    Optional<Crossing> crossing) {

  public Encoder {
    branches = List.copyOf(branches);
  }

  /**
   * How the language model takes the tokens of an image.
   *
   * @param sight in which of its layers they see each other, so that these always have a mask
   * @param ownPositions each sequence has rotary tables of its own, by where its images stand
   */
  public record Tokens(Sight sight, boolean ownPositions) {

    /** As those of text. */
    static final Tokens AS_TEXT = new Tokens(Sight.NONE, false);
  }

  /** One whose result enters the language model as the projector gives it. */
  public static Encoder of(VisionStack stack, Projector projector, ImageGrid grid) {
    return new Encoder(
        stack,
        projector,
        grid,
        Tokens.AS_TEXT,
        Joining.NONE,
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** Whether it hears sound whose tokens stand among those of the text. */
  public boolean listens() {
    return grid instanceof SoundGrid;
  }

  /** The same with a language model in which the tokens of an image see each other. */
  public Encoder seen(Sight value) {
    Tokens seen = new Tokens(value, tokens.ownPositions());
    return new Encoder(stack, projector, grid, seen, joining, rowEnd, branches, crossing);
  }

  /** Layers in which the tokens of an image see each other. */
  public enum Sight {
    NONE,
    /** Those with a sliding window (transformers gemma4 create_masks_for_vision_model). */
    SLIDING,
    ALL
  }

  /** The same with a result that is put together so. */
  public Encoder joined(Joining value) {
    return new Encoder(stack, projector, grid, tokens, value, rowEnd, branches, crossing);
  }

  /** The same with tiles whose rows end with a vector. */
  public Encoder tiled(ParameterTensor end) {
    return new Encoder(
        stack, projector, grid, tokens, Joining.TILES, Optional.of(end), branches, crossing);
  }

  /** The same with positions by where images stand, and with branches. */
  public Encoder branching(List<Branch> all) {
    Tokens placed = new Tokens(tokens.sight(), true);
    return new Encoder(stack, projector, grid, placed, joining, rowEnd, all, crossing);
  }

  /** The same at whose result layers look. */
  public Encoder crossing(Crossing value) {
    return new Encoder(
        stack, projector, grid, tokens, joining, rowEnd, branches, Optional.of(value));
  }

  /** How the tokens of several images become one tensor. */
  public enum Joining {
    /** The projector gives it. */
    NONE,
    /** They are divided by images, and put together again. */
    BY_IMAGE,
    /** As {@link #NONE}, and the model returns nothing of it beside its logits (Llama 4). */
    UNRETURNED,
    /** As {@link #BY_IMAGE}, and tiles of an image are laid beside each other before. */
    TILES,
    /** As {@link #NAMED}, of which those are taken that show no silence (Qwen2-Audio). */
    CHOSEN,
    /** As {@link #NONE}, and the model's forward pass names it until its layers have run. */
    NAMED
  }

  /**
   * Hidden states in the midst of the tower with a projector of their own (transformers
   * Qwen3VLVisionModel, {@code deepstack_merger_list}).
   *
   * @param layers of the tower that they have gone through
   */
  public record Branch(int layers, Projector projector) {}

  /**
   * A language model some of whose layers look at what an encoder has made, which has no tokens
   * among those of the text (Llama 3.2 Vision, Whisper).
   *
   * @param states of an image, or of a segment of sound
   * @param tower how an encoder sees all tiles of an image at once; empty for others
   * @param layers of the language model where there are images, in the order of the forward pass
   * @param parts towers whose parameters are in those layers
   * @param always every sequence has one, and says nothing of it: the sound or the text that it was
   *     written after
   * @param byName releases in which layers get the states as a keyword argument; of a positional
   *     one a reentrant checkpoint returns the gradient
   */
  public record Crossing(
      int states,
      Optional<TiledTower> tower,
      List<LayerRun> layers,
      List<String> parts,
      boolean always,
      Versions byName) {

    /** That of images. */
    public static Crossing ofImages(TiledTower tower, List<LayerRun> layers, List<String> parts) {
      return new Crossing(
          tower.states(), Optional.of(tower), layers, parts, false, Versions.since(4, 55));
    }

    /** That of a segment of sound, whose encoder is part of every step. */
    public static Crossing ofSound(int states, List<LayerRun> layers, Versions byName) {
      return new Crossing(states, Optional.empty(), layers, List.of(), true, byName);
    }

    /** That of a text, whose length is the sequence's. */
    public static Crossing ofText(List<LayerRun> layers) {
      return new Crossing(0, Optional.empty(), layers, List.of(), true, Versions.NONE);
    }

    public Crossing {
      layers = List.copyOf(layers);
      parts = List.copyOf(parts);
    }
  }
}
