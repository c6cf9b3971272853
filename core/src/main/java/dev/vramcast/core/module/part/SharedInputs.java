package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.bias.SharedBias;
import dev.vramcast.core.autograd.bias.SharedRows;
import dev.vramcast.core.autograd.op.NamedWeights;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What every layer of a forward pass reads beside the hidden states.
 *
 * @param cos rotary table, null without rotary embedding
 * @param sin as {@code cos}
 * @param fullMask mask of layers that see every token, null when attention is merely causal
 * @param slidingMask mask of layers with a sliding window, null as above
 * @param images what layers read that look at images; null where none does
 * @param cache takes the keys and values of each layer; null where no pass of them is counted
 * @param weights of attention that code around it names; null where none does
 * @param biases of the scores by position; null where there are none
 * @param distances rows for distances of tokens; null where there are none
 * @param states whether what each layer gives is returned
 */
public record SharedInputs(
    @Nullable Tensor cos,
    @Nullable Tensor sin,
    @Nullable Tensor fullMask,
    @Nullable Tensor slidingMask,
    @Nullable Seeing images,
    @Nullable KeyValueCache cache,
    @Nullable NamedWeights weights,
    @Nullable Biases biases,
    @Nullable SharedRows distances,
    boolean states) {

  /** Those of tokens among each other, and of tokens and what an encoder has made. */
  public record Biases(SharedBias own, SharedBias cross) {}

  /** Layers that read hidden states alone. */
  public static final SharedInputs NONE =
      new SharedInputs(null, null, null, null, null, null, null, null, null, false);

  private static final String TABLES = "rotary tables";

  private static final Operation COSINES =
      Operation.of("aten::cos", "transformers/modeling_rope_utils.py RotaryEmbedding.forward");

  private static final Operation MASK =
      Operation.of("create_causal_mask", "transformers/masking_utils.py create_causal_mask");

  public static SharedInputs create(
      Graph g, Architecture architecture, StepSettings settings, DataType hiddenDtype) {
    int rotaryFeatures = 0;
    int slidingFeatures = 0;
    int window = 0;
    boolean sees = false;
    int heads = 1;
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        for (TokenMixer mixer : mixers(layer)) {
          if (mixer instanceof Attention attention) {
            Rotary rotary = attention.rotary();
            if (attention.slidingWindow() > 0
                && settings.code().rotates(each -> each.tables().byType())) {
              slidingFeatures = Math.max(slidingFeatures, rotary.dimensions());
            } else {
              rotaryFeatures = Math.max(rotaryFeatures, rotary.dimensions());
            }
            window = Math.max(window, attention.slidingWindow());
            heads = Math.max(heads, attention.heads());
            sees |= attention.slidingWindow() == 0;
          } else if (mixer instanceof CompressedAttention compressed) {
            // A table of half as many features for each of two bases.
            rotaryFeatures = Math.max(rotaryFeatures, compressed.ropeSize());
            window = Math.max(window, compressed.slidingWindow());
          } else if (mixer instanceof LatentAttention latent) {
            rotaryFeatures = Math.max(rotaryFeatures, latent.ropeSize());
            sees = true;
          }
        }
      }
    }
    Optional<Encoder> seen =
        architecture.encoder().filter(encoder -> settings.job().batch().hasImages());
    boolean byRow =
        settings.code().rotates(each -> each.tables().byRow())
            || seen.filter(each -> each.tokens().ownPositions()).isPresent();
    long positions = settings.sequence() * (byRow ? settings.batch() : 1);
    boolean byLayer = settings.code().rotates(each -> each.tables().byLayer());
    long features = byLayer ? 0 : (long) rotaryFeatures + slidingFeatures;
    Tensor cos = rotaryTable(g, settings, positions * features, hiddenDtype);
    Tensor sin = rotaryTable(g, settings, positions * features, hiddenDtype);
    // Targets of an encoder-decoder have no mask of their own: padding stands behind their ends.
    boolean own = !architecture.readsText();
    Encoder.Sight sight = seen.map(each -> each.tokens().sight()).orElse(Encoder.Sight.NONE);
    Optional<DistanceTable> distances = architecture.extras().distances();
    SharedRows rows = distances.map(each -> new SharedRows()).orElse(null);
    // What sees whom is made with rows that layers project.
    Tensor full =
        distances.isPresent()
            ? besideBiases(g, settings, distances.get(), hiddenDtype)
            : sees ? mask(g, settings, own, sight == Encoder.Sight.ALL, heads, hiddenDtype) : null;
    boolean windowBinds = window > 0 && settings.sequence() >= window;
    boolean ownMasks = settings.code().alwaysMasks();
    Tensor sliding =
        window > 0 && !ownMasks
            ? mask(g, settings, own, windowBinds || sight != Encoder.Sight.NONE, heads, hiddenDtype)
            : null;
    return new SharedInputs(
        cos,
        sin,
        full,
        sliding,
        null,
        null,
        named(settings),
        biases(settings),
        rows,
        settings.running().returnsStates());
  }

  /**
   * Of a vision tower: cosines and sines where its attention rotates, and a mask where it keeps
   * images apart that stand in one sequence (transformers pixtral/modeling_pixtral.py {@code
   * generate_block_attention_mask}) or hides padding (masking_utils.py {@code
   * create_bidirectional_mask}).
   *
   * @param features of a head that are rotated, 0 for none
   * @param tables their dtype
   * @param mask its dtype; null where there is none
   */
  public static SharedInputs ofImages(
      Graph g, StepSettings settings, int features, DataType tables, @Nullable DataType mask) {
    long elements = settings.tokens() * features;
    AttentionKernel kernel = settings.attention();
    boolean masks = kernel == AttentionKernel.SDPA || kernel == AttentionKernel.EAGER;
    long pairs = settings.tokens() * (settings.code().masksRows() ? 1 : settings.sequence());
    return new SharedInputs(
        table(g, elements, tables),
        table(g, elements, tables),
        mask != null && masks
            ? shared(g, MASK, "attention mask", Category.OTHER, pairs, mask)
            : null,
        null,
        null,
        null,
        named(settings),
        biases(settings),
        null,
        false);
  }

  /** The same with images at which layers look; null for none. */
  public SharedInputs with(@Nullable Seeing seeing) {
    return new SharedInputs(
        cos, sin, fullMask, slidingMask, seeing, cache, weights, biases, distances, states);
  }

  /** The same whose layers put their keys and values into a cache. */
  public SharedInputs caching(KeyValueCache each) {
    return new SharedInputs(
        cos, sin, fullMask, slidingMask, images, each, weights, biases, distances, states);
  }

  private static @Nullable NamedWeights named(StepSettings settings) {
    return settings.code().namesWeights()
        ? new NamedWeights(settings.code().returnsWeights())
        : null;
  }

  private static @Nullable Biases biases(StepSettings settings) {
    return settings.code().biases().shared()
        ? new Biases(new SharedBias(), new SharedBias())
        : null;
  }

  /** The backward passes of all layers but the first have run. */
  public void endReading(Graph g) {
    if (biases != null) {
      biases.own().endReading(g);
      biases.cross().endReading(g);
    }
  }

  /**
   * The backward pass of a layer begins.
   *
   * @param first it is the one that has made the biases
   */
  public void beginBackward(Graph g, boolean first) {
    if (biases != null) {
      for (SharedBias each : List.of(biases.own(), biases.cross())) {
        if (first) {
          each.sendBack(g);
        }
        each.beginBackward(g);
      }
    }
  }

  /** It has ended. */
  public void endBackward(Graph g) {
    if (biases != null) {
      biases.own().endBackward(g);
      biases.cross().endBackward(g);
    }
  }

  /** What each layer gives lives until the model returns. */
  public boolean keepsStates() {
    return states || (distances != null && distances.keepsStates());
  }

  /** Rows for distances, of a layer that reads them. */
  public SharedRows rows() {
    return Objects.requireNonNull(distances);
  }

  /** Biases by position, of a layer that has one. */
  public Biases positions() {
    return Objects.requireNonNull(biases);
  }

  /** Attention has made its weights, which stay the caller's. */
  public void name(Graph g, Tensor made) {
    if (weights != null) {
      weights.name(g, made);
    }
  }

  /** A layer returns. */
  public void endLayer(Graph g) {
    if (weights != null) {
      weights.endLayer(g);
    }
  }

  /** What is seen of images, of a layer that looks at them. */
  public Seeing seeing() {
    return Objects.requireNonNull(images);
  }

  /**
   * What is added to scores beside a bias (MPNetModel.forward): one row for all tokens that look
   * before 5.0, since then rows of their own where a token is padding.
   */
  private static @Nullable Tensor besideBiases(
      Graph g, StepSettings settings, DistanceTable distances, DataType dtype) {
    boolean since5 = settings.code().version().atLeast(5, 0);
    boolean padded = settings.job().batch().padding() == Padding.PADDED;
    if (!distances.ofHeads() || since5 && !padded) {
      return null;
    }
    long rows = since5 ? settings.sequence() : 1;
    long elements = settings.batch() * settings.sequence() * rows;
    return shared(g, MASK, "attention mask", Category.OTHER, elements, dtype);
  }

  private static List<TokenMixer> mixers(DecoderLayer layer) {
    return layer.mixer() instanceof ParallelMixers parallel
        ? parallel.mixers()
        : List.of(layer.mixer());
  }

  /** The model's forward pass has returned, or no recomputation needs them any more. */
  public void release(Graph g) {
    release(g, tensor -> true);
  }

  /** As {@link #release(Graph)}, of what still lives. */
  public void release(Graph g, Predicate<Tensor> lives) {
    for (Tensor tensor : new Tensor[] {cos, sin, fullMask, slidingMask}) {
      if (tensor != null && lives.test(tensor)) {
        g.release(tensor);
      }
    }
    if (images != null) {
      images.release(g);
    }
    if (distances != null) {
      distances.release(g);
    }
    if (biases != null) {
      biases.own().release(g);
      biases.cross().release(g);
    }
  }

  /** The backward pass of the whole model has run. */
  public void end(Graph g) {
    if (biases != null) {
      biases.cross().end(g);
    }
  }

  private static Tensor shared(
      Graph g, Operation operation, String name, Category category, long elements, DataType dtype) {
    g.site().operation(operation);
    return g.allocateShared(name, category, elements, dtype);
  }

  /**
   * OLMo and Ernie 4.5 leave cosines and sines in fp32, others have them in the dtype of the
   * states.
   */
  private static @Nullable Tensor rotaryTable(
      Graph g, StepSettings settings, long elements, DataType hiddenDtype) {
    boolean wide =
        switch (settings.code().rotaryCode()) {
          case TABLES_IN_FP32, REPEATED_TABLES_IN_FP32 -> true;
          case LLAMA,
              REPEATED_TABLES,
              IN_FP32,
              IN_FP32_WITH_TABLES,
              DEINTERLEAVED,
              COMPLEX,
              HALVES,
              AXIAL ->
              false;
        };
    DataType dtype = wide ? DataType.FP32 : hiddenDtype;
    return table(g, elements, dtype);
  }

  /** Null without rotary embedding. */
  private static @Nullable Tensor table(Graph g, long elements, DataType dtype) {
    return elements == 0 ? null : shared(g, COSINES, TABLES, Category.OTHER, elements, dtype);
  }

  /**
   * The mask that Transformers builds: none for SDPA when no token is padding, no documents are
   * packed and no window binds; one for eager attention, save of encoders where none is padding;
   * two dimensions, not counted here, for FlashAttention. Not every framework of its own models has
   * one for SDPA.
   */
  private static @Nullable Tensor mask(
      Graph g,
      StepSettings settings,
      boolean hidesPadding,
      boolean binds,
      int heads,
      DataType hiddenDtype) {
    AttentionKernel kernel = settings.attention();
    boolean padded = hidesPadding && settings.job().batch().padding() == Padding.PADDED;
    boolean packs = settings.job().batch().packsDocuments();
    boolean needed =
        switch (kernel) {
          case EAGER -> padded || packs || binds || !settings.code().masksPaddingAlone();
          case SDPA ->
              settings.framework().is(AttentionCode.MASKS_SDPA)
                  && (padded
                      || packs
                      || binds
                      || settings.code().alwaysMasks()
                      || settings.masksGroups());
          case FLASH, FLEX -> false;
        };
    if (!needed) {
      return null;
    }
    boolean byHead = settings.code().masksByHead();
    boolean sdpa = kernel == AttentionKernel.SDPA && !settings.masksGroups();
    boolean oneRow = settings.code().masksInOneRow(kernel == AttentionKernel.EAGER);
    boolean bool = settings.code().booleanMasks() && sdpa && !byHead && !oneRow;
    long looking = oneRow ? 1 : settings.sequence();
    long elements = (byHead ? heads : 1) * settings.batch() * settings.sequence() * looking;
    DataType dtype = bool ? DataType.BOOL : additive(settings, hiddenDtype);
    return shared(g, MASK, "attention mask", Category.OTHER, elements, dtype);
  }

  /** Dtype of a mask that is added to scores, where what layers read first has this. */
  public static DataType additive(StepSettings settings, DataType hiddenDtype) {
    return settings.code().masksLikeTable()
        ? settings.embeddingDtype(ParameterFactory.TIED_HEAD)
        : hiddenDtype;
  }
}
