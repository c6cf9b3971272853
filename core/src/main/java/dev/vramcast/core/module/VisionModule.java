package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchEmbedding.InputEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.SoundChunks;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.part.SharedInputsFactory;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.module.vision.PixelOps;
import dev.vramcast.core.module.vision.PoolModule;
import dev.vramcast.core.module.vision.TileOps;
import dev.vramcast.core.module.vision.TiledTowerModule;
import dev.vramcast.core.module.vision.TowerEmbedding;
import dev.vramcast.core.module.vision.VisionOps;
import dev.vramcast.core.module.vision.projector.ProjectorModule;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A vision tower and its projector, after their parameters were put onto the trace.
 *
 * @param settings those of the tower, whose tokens are patches
 * @param parts of an image
 * @param tiled what a tower does around its layers that sees all tiles at once; null for others
 */
public record VisionModule(
    StepSettings settings,
    Encoder encoder,
    ImageGrid.Parts parts,
    TowerEmbedding patches,
    Layers layers,
    Projectors projectors,
    @Nullable TiledTowerModule tiled,
    List<Trainable> trainables) {

  private static final int CHANNELS = 3;

  /**
   * The layers of the tower.
   *
   * @param read those whose result is read
   * @param after null where no norm stands behind these
   * @param pool what follows that; null where nothing does
   * @param unread what runs behind the hidden states that are read
   */
  public record Layers(
      List<RepeatedLayers> read, @Nullable Norms after, @Nullable PoolModule pool, Unread unread) {}

  /**
   * What makes tokens of hidden states.
   *
   * @param last of those that the tower ends with
   * @param branches of those in its midst
   * @param rowEnd ends the rows of a canvas of tiles; null where there is none
   */
  public record Projectors(
      ProjectorModule last, List<Branch> branches, @Nullable Parameter rowEnd) {}

  /**
   * A projector of hidden states in the midst of the tower.
   *
   * @param layers that they have gone through
   */
  public record Branch(int layers, ProjectorModule projector) {}

  /**
   * What runs behind the hidden states that are read, and never has a gradient.
   *
   * @param norm null where there is none
   */
  public record Unread(List<RepeatedLayers> layers, @Nullable Norms norm) {}

  /** Whether the output of the patch embedding is made to require a gradient. */
  public boolean requiresGrad() {
    return requiresGrad(settings, patches);
  }

  static boolean requiresGrad(StepSettings settings, TowerEmbedding patches) {
    boolean reached =
        settings.code().towersRequireGrad()
            || patches.embedding().inputEmbedding() == InputEmbedding.WITH_POSITIONS;
    return settings.job().inputsRequireGrad() && reached;
  }

  /**
   * The layers between branches, in order; all of them where there are none. Those of a tower that
   * sees all tiles at once end where hidden states are read, and between local and global ones.
   */
  public List<List<RepeatedLayers>> segments() {
    if (!hasLayers()) {
      return List.of(List.of());
    }
    RepeatedLayers all = layers.read().get(0);
    if (tiled != null) {
      List<List<RepeatedLayers>> segments = all.divided(tiled.tower().read());
      segments.add(layers.read().subList(1, layers.read().size()));
      return segments;
    }
    if (!inner().isEmpty()) {
      return all.divided(inner());
    }
    return projectors.branches().isEmpty()
        ? List.of(layers.read())
        : all.divided(projectors.branches().stream().map(Branch::layers).toList());
  }

  private List<Integer> inner() {
    return encoder.stack().layers().inner();
  }

  /** Whether hidden states in the tower's midst are read beside those that it ends with. */
  public boolean readsInner() {
    return tiled != null || !inner().isEmpty();
  }

  /** Whether there are layers behind the patches, and not the projector at once. */
  private boolean hasLayers() {
    return !layers.read().isEmpty();
  }

  /** What the first layer reads, of the patches' hidden states, which it takes over. */
  public Tensor embedded(Graph g, Tensor patches) {
    return tiled == null ? patches : tiled.embed(g, patches, images());
  }

  /** Whether something runs behind the segment of that number, between two kinds of layers. */
  public boolean runsBehind(int segment) {
    return tiled != null && segment == tiled.tower().read().size();
  }

  /** What runs between local and global layers; takes over the hidden states. */
  public Tensor between(Graph g, Tensor hidden) {
    return Objects.requireNonNull(tiled).between(g, hidden, images());
  }

  /** Whether layers of the language model look at the result, which has no tokens there. */
  public boolean isSeen() {
    return encoder.crossing().isPresent();
  }

  /** Whether a mask says which tokens see which images. */
  public boolean isSeenInParts() {
    return tiled != null;
  }

  /** Whether each sequence is written after what the tower is given, whose states are returned. */
  public boolean hears() {
    return isSeen() && (patches.embedding().sound().isPresent() || readsText());
  }

  /** Whether it is a text that the tower is given, in tokens. */
  public boolean readsText() {
    return encoder.stack().text().isPresent();
  }

  /** States of the images of a sequence at which layers look. */
  private long statesOfSequence() {
    long states = readsText() ? parts.patches() : encoder.crossing().orElseThrow().states();
    return settings.job().batch().images().count() * states;
  }

  /** Whole numbers beside the pixels that say which tokens see which tiles, of a batch. */
  public long sightMask(long tokens) {
    return tiled == null
        ? 0
        : tokens * settings.job().batch().images().count() * tiled.tower().size().tiles();
  }

  /** The tokens of a branch; the hidden states stay the caller's. */
  public Tensor branch(Graph g, int index, Tensor hidden) {
    if (readsInner()) {
      return hidden.hold();
    }
    return projectors.branches().get(index).projector().forward(g, hidden.hold(), batch());
  }

  /** What every layer reads beside the hidden states of patches. */
  public SharedInputs sharedInputs(Graph g, DataType hidden) {
    if (!hasLayers()) {
      return SharedInputsFactory.ofImages(g, settings, 0, hidden, null);
    }
    DataType mask = maskDtype(hidden);
    TokenMixer mixer = layers.read().get(0).layers().get(0).layer().mixer();
    if (mixer instanceof PatchAttention attention) {
      // MiniMaxM3VLVisionModel.forward casts what it embeds to the dtype of its first norm.
      DataType tables = attention.turn().inFp32() ? DataType.FP32 : settings.job().weightDtype();
      return SharedInputsFactory.ofImages(g, settings, attention.turn().features(), tables, mask);
    }
    int rotated = mixer instanceof Attention attention ? attention.rotary().dimensions() : 0;
    return SharedInputsFactory.ofImages(g, settings, rotated, hidden, mask);
  }

  /** Dtype of a mask of what is seen; null where every patch sees all others of its sequence. */
  public @Nullable DataType maskDtype(DataType hidden) {
    if (readsText()) {
      return TextModule.mask(settings, hidden);
    }
    if (tiled != null) {
      // A product makes it, which autocast runs in 16 bits.
      return settings.autocast() ? settings.computeDtype() : patches.dtype();
    }
    if (parts.padding() > 0 || masksWhole()) {
      boolean bool = settings.code().booleanMasks() && settings.attention() == AttentionKernel.SDPA;
      return bool ? DataType.BOOL : hidden;
    }
    boolean apart =
        patches.embedding().order() == PatchEmbedding.Order.IN_ONE_SEQUENCE
            || pools() && !settings.code().attendsInChunks();
    return apart ? hidden : null;
  }

  /** Whether chunks of sound become half as many states behind the layers (Qwen2.5-Omni). */
  private boolean pools() {
    return encoder.stack().chunks().isPresent() && encoder.stack().pool().isPresent();
  }

  /** A mask is made whether it hides something or not, before 5.0 of sound too (Qwen2Audio). */
  private boolean masksWhole() {
    boolean older = !settings.code().version().atLeast(5, 0);
    return settings.code().alwaysMasks() || encoder.joining() == Encoder.Joining.CHOSEN && older;
  }

  /** Images of a batch, tiles among them. */
  private long images() {
    return settings.tokens() / parts.patches();
  }

  /** Patches of a batch, without class tokens. */
  private long cells() {
    return images() * (parts.patches() - patches.embedding().besides());
  }

  private ProjectorModule.Batch batch() {
    long tokens = images() / parts.tiles() * parts.tokens();
    return new ProjectorModule.Batch(images(), cells(), tokens, parts.padding() > 0);
  }

  /** Values of the pixels of a batch, or its tokens where it is a text. */
  public long pixels() {
    if (readsText()) {
      return settings.tokens();
    }
    if (tiled != null) {
      long cells = (long) tiled.tower().size().tiles() * (tiled.tower().size().cells() - 1);
      return images() * cells * patches.embedding().values();
    }
    if (encoder.stack().chunks().isPresent()) {
      SoundChunks chunks = encoder.stack().chunks().get();
      return images() * Math.max(chunks.filled(), frames()) * chunks.bands();
    }
    return patches
        .embedding()
        .sound()
        .map(sound -> images() * sound.frames() * sound.bands())
        .orElseGet(
            () -> cells() * patches.embedding().values() + images() * CHANNELS * parts.beyond());
  }

  /** Frames of a recording. */
  private long frames() {
    return settings.job().batch().sound().size().orElseThrow().width();
  }

  /** Numbers of four bytes that say which frames are no silence; 0 where the model takes none. */
  public long soundMask() {
    Optional<SoundChunks> chunks = encoder.stack().chunks();
    if (chunks.isPresent()) {
      return pixels() / chunks.get().bands();
    }
    return encoder.joining() == Encoder.Joining.CHOSEN
        ? pixels() / patches.embedding().sound().orElseThrow().bands()
        : 0;
  }

  /** Values of the masks of pixels of a batch; 0 where its code takes none. */
  public long pixelMask() {
    boolean chosen = patches.embedding().pixels() == PatchEmbedding.Pixels.CHOSEN;
    return chosen ? pixels() / CHANNELS : 0;
  }

  /** Pixels as the tower is given them, first, and what else is held until its result is there. */
  public List<Tensor> prepared(Graph g, Tensor pixels) {
    if (encoder.stack().chunks().isPresent()) {
      // What is no silence is taken out (Qwen2_5OmniThinkerModel.get_audio_features).
      long elements = images() * frames() * encoder.stack().chunks().get().bands();
      return List.of(Pointwise.detached(g, elements, pixels.dtype(), "frames of sound"));
    }
    return PixelOps.prepared(g, patches.embedding().pixels(), pixels, patches.dtype(), pixelMask());
  }

  /**
   * The tower's result, from the hidden states of its last layer, which it takes over, and those of
   * inner layers that it reads, which stay the caller's; {@code keep} as {@link PoolModule} has it.
   */
  public Tensor finish(Graph g, Tensor hidden, List<Tensor> inner, Consumer<Tensor> keep) {
    if (tiled != null) {
      return tiled.joined(g, hidden, inner, images());
    }
    Norms after = layers.after();
    PoolModule pool = layers.pool();
    if (pool != null && pool.pool() instanceof PatchPool.Pairs) {
      Tensor pairs = pool.forward(g, hidden, settings, cells(), batch().tokens(), keep);
      return g.rebind(pairs, Objects.requireNonNull(after).forward(g, pairs));
    }
    Tensor last = after == null ? hidden : g.rebind(hidden, after.forward(g, hidden));
    if (readsText()) {
      return new EndStage(settings, encoder.stack().text().orElseThrow().dropout().orElse(0))
          .apply(g, last);
    }
    return pool == null ? last : pool.forward(g, last, settings, cells(), batch().tokens(), keep);
  }

  /**
   * What the projector makes of the tower's result, which it takes over, and of those in its midst,
   * which stay the caller's.
   */
  public Tensor project(Graph g, Tensor last, List<Tensor> inner) {
    long kept = last.elements() / (images() * parts.patches()) * cells();
    Tensor read = inner().isEmpty() ? last : VisionOps.sideBySide(g, last, inner, kept);
    Tensor tokens = projectors.last().forward(g, read, batch());
    if (!hasLayers()) {
      // Padding has gone through all of it (Gemma4UnifiedModel.get_image_features).
      long each = tokens.elements() / (images() * parts.patches());
      return VisionOps.chosen(g, tokens, batch().tokens() * each);
    }
    return patches.embedding().isInWindows() ? VisionOps.reordered(g, tokens) : tokens;
  }

  /** The model's outputs hold what the projector made, and not the copy that joins it. */
  public boolean returnsUnjoined() {
    return encoder.joining() == Encoder.Joining.BY_IMAGE;
  }

  /** The model's outputs hold what the tower made. */
  public boolean returnsStates() {
    return encoder.joining() != Encoder.Joining.UNRETURNED;
  }

  /** The model's forward pass names what the tower made, and drops it with its layers' results. */
  public boolean namesStates() {
    return encoder.joining() == Encoder.Joining.NAMED
        || encoder.joining() == Encoder.Joining.CHOSEN;
  }

  /** The tokens of all images in one tensor, from {@link #project}'s or a branch's, taken over. */
  public Tensor joined(Graph g, Tensor tokens) {
    return switch (encoder.joining()) {
      case NONE, UNRETURNED -> tokens;
      // Recording by recording, until chunks were cut at once.
      case NAMED ->
          pools() && !settings.code().attendsInChunks() ? VisionOps.together(g, tokens) : tokens;
      case CHOSEN -> VisionOps.chosen(g, tokens, tokensOf(tokens));
      case BY_IMAGE -> VisionOps.together(g, tokens);
      case TILES -> TileOps.tiled(g, tokens, parts, images() / parts.tiles(), rowEnd().value());
    };
  }

  /** Elements of the tokens that stand among those of the text. */
  private long tokensOf(Tensor all) {
    return all.elements() / (parts.patches() / 2 * images()) * batch().tokens();
  }

  private Parameter rowEnd() {
    return Objects.requireNonNull(projectors.rowEnd());
  }

  /** Puts the tokens of images where they stand among those of the text; both stay the caller's. */
  public static Tensor merge(Graph g, Tensor embeddings, Tensor images, long tokens) {
    return VisionOps.scattered(g, embeddings, images, tokens);
  }

  /** What the layers of a text see of an encoder's states. */
  public Seeing seeing(Graph g, StepSettings text, Tensor states) {
    if (readsText()) {
      DataType mask = maskDtype(states.dtype());
      return Seeing.ofText(g, text, states, statesOfSequence(), mask);
    }
    return isSeenInParts()
        ? Seeing.create(g, text, states, statesOfSequence(), patches.dtype())
        : Seeing.whole(states, statesOfSequence());
  }
}
