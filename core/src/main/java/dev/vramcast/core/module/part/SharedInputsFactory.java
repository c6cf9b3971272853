package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.NamedWeights;
import dev.vramcast.core.autograd.sequence.SharedBias;
import dev.vramcast.core.autograd.sequence.SharedRows;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what all layers of a pass read beside hidden states.
 *
 * @param hiddenDtype of these
 */
public record SharedInputsFactory(Graph g, StepSettings settings, DataType hiddenDtype) {

  /** What Transformers calls a head that is tied to the table. */
  private static final String TIED_HEAD = "lm_head";

  private static final String TABLES = "rotary tables";

  private static final Operation COSINES =
      Operation.of("aten::cos", "transformers/modeling_rope_utils.py RotaryEmbedding.forward");

  private static final Operation MASK =
      Operation.of("create_causal_mask", "transformers/masking_utils.py create_causal_mask");

  /** Of a model's layers. */
  public SharedInputs create(Architecture architecture) {
    Reading reading = new Reading();
    architecture.distinctLayers().forEach(layer -> reading.add(layer, settings));
    Optional<Encoder> seen =
        architecture.encoder().filter(encoder -> settings.job().batch().hasImages());
    SharedInputs.Tables tables = tables(reading, seen);
    Optional<DistanceTable> distances = architecture.extras().distances();
    return new SharedInputs(
        tables,
        masks(reading, architecture, seen),
        null,
        null,
        SharedInputs.Named.of(weights()),
        biases(),
        distances.map(each -> new SharedRows()).orElse(null),
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
    SharedInputsFactory factory = new SharedInputsFactory(g, settings, tables);
    long elements = settings.tokens() * features;
    AttentionKernel kernel = settings.attention();
    boolean masks = kernel == AttentionKernel.SDPA || kernel == AttentionKernel.EAGER;
    long pairs = settings.tokens() * (settings.code().masksRows() ? 1 : settings.sequence());
    return new SharedInputs(
        new SharedInputs.Tables(factory.rotation(elements, tables), null),
        new SharedInputs.Masks(mask != null && masks ? factory.mask(pairs, mask) : null, null),
        null,
        null,
        SharedInputs.Named.of(factory.weights()),
        factory.biases(),
        null,
        false);
  }

  /** What the layers of a model read of positions, and which tokens they see. */
  private static final class Reading {

    private int rotaryFeatures;
    private int slidingFeatures;
    private int window;
    private boolean seesAll;
    private int heads = 1;

    private void add(DecoderLayer layer, StepSettings settings) {
      List<TokenMixer> mixers =
          layer.mixer() instanceof ParallelMixers parallel
              ? parallel.mixers()
              : List.of(layer.mixer());
      mixers.forEach(mixer -> add(mixer, settings));
    }

    private void add(TokenMixer mixer, StepSettings settings) {
      if (mixer instanceof Attention attention) {
        int features = attention.rotary().dimensions();
        if (settings.code().rotaryCode().halvesTables()) {
          features /= 2;
        }
        boolean slides = attention.slidingWindow() > 0;
        if (slides && settings.code().rotates(each -> each.tables().byType())) {
          slidingFeatures = Math.max(slidingFeatures, features);
        } else {
          rotaryFeatures = Math.max(rotaryFeatures, features);
        }
        heads = Math.max(heads, attention.heads());
        // GPTNeoSelfAttention cuts its window itself, of the one mask that the model makes.
        if (slides && !settings.code().keepsMaskPerLayer()) {
          window = Math.max(window, attention.slidingWindow());
        } else {
          seesAll = true;
        }
      } else if (mixer instanceof CompressedAttention compressed) {
        // A table of half as many features for each of two bases.
        rotaryFeatures = Math.max(rotaryFeatures, compressed.heads().ropeSize());
        window = Math.max(window, compressed.slidingWindow());
      } else if (mixer instanceof LatentAttention latent) {
        rotaryFeatures = Math.max(rotaryFeatures, latent.ropeSize());
        seesAll = true;
      }
    }
  }

  private SharedInputs.Tables tables(Reading reading, Optional<Encoder> seen) {
    boolean byRow =
        settings.code().rotates(each -> each.tables().byRow())
            || seen.filter(each -> each.tokens().ownPositions()).isPresent();
    long positions = settings.sequence() * (byRow ? settings.batch() : 1);
    boolean byLayer = settings.code().rotates(each -> each.tables().byLayer());
    long rows = byLayer ? 0 : positions;
    DataType dtype = tableDtype();
    return new SharedInputs.Tables(
        rotation(rows * reading.rotaryFeatures, dtype),
        rotation(rows * reading.slidingFeatures, dtype));
  }

  /**
   * OLMo and Ernie 4.5 leave cosines and sines in fp32, others have them in the dtype of the
   * states.
   */
  private DataType tableDtype() {
    return switch (settings.code().rotaryCode()) {
      case TABLES_IN_FP32, REPEATED_TABLES_IN_FP32, REPEATED_HALVES_IN_FP32 -> DataType.FP32;
      case LLAMA,
          REPEATED_TABLES,
          REPEATED_HALVES,
          IN_FP32,
          EACH_IN_FP32,
          IN_FP32_WITH_TABLES,
          DEINTERLEAVED,
          COMPLEX,
          HALVES,
          AXIAL ->
          hiddenDtype;
    };
  }

  /** Null without rotary embedding. */
  private SharedInputs.@Nullable Rotation rotation(long elements, DataType dtype) {
    return elements == 0
        ? null
        : new SharedInputs.Rotation(table(elements, dtype), table(elements, dtype));
  }

  private Tensor table(long elements, DataType dtype) {
    return shared(COSINES, TABLES, elements, dtype);
  }

  private SharedInputs.Masks masks(
      Reading reading, Architecture architecture, Optional<Encoder> seen) {
    Encoder.Sight sight = seen.map(each -> each.tokens().sight()).orElse(Encoder.Sight.NONE);
    // Targets of an encoder-decoder have no mask of their own: padding stands behind their ends.
    boolean own = !architecture.readsText();
    Optional<DistanceTable> distances = architecture.extras().distances();
    Tensor full = null;
    if (distances.isPresent()) {
      // What sees whom is made with rows that layers project.
      full = besideBiases(distances.get());
    } else if (reading.seesAll || reading.window > 0 && settings.code().alwaysMasks()) {
      full = mask(own, sight == Encoder.Sight.ALL, reading.heads);
    }
    Tensor sliding = null;
    if (reading.window > 0 && !settings.code().alwaysMasks()) {
      boolean binds = settings.sequence() >= reading.window;
      sliding = mask(own, binds || sight != Encoder.Sight.NONE, reading.heads);
    }
    return new SharedInputs.Masks(full, sliding);
  }

  /**
   * What is added to scores beside a bias (MPNetModel.forward): one row for all tokens that look
   * before 5.0, since then rows of their own where a token is padding.
   */
  private @Nullable Tensor besideBiases(DistanceTable distances) {
    boolean since5 = settings.code().version().atLeast(5, 0);
    boolean padded = settings.job().batch().padding() == Padding.PADDED;
    if (!distances.ofHeads() || since5 && !padded) {
      return null;
    }
    long rows = since5 ? settings.sequence() : 1;
    return mask(settings.batch() * settings.sequence() * rows, hiddenDtype);
  }

  /**
   * The mask that Transformers builds: none for SDPA when no token is padding, no documents are
   * packed and no window binds; one for eager attention, save of encoders where none is padding;
   * two dimensions, not counted here, for FlashAttention. Not every framework of its own models has
   * one for SDPA.
   */
  private @Nullable Tensor mask(boolean hidesPadding, boolean binds, int heads) {
    if (settings.running().attending().filter(Pass.Attending::masks).isPresent()) {
      return mask(settings.batch() * settings.sequence() * settings.sequence(), hiddenDtype);
    }
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
    return mask(elements, bool ? DataType.BOOL : additive(settings, hiddenDtype));
  }

  private Tensor mask(long elements, DataType dtype) {
    return shared(MASK, "attention mask", elements, dtype);
  }

  /** Dtype of a mask that is added to scores, where what layers read first has this. */
  public static DataType additive(StepSettings settings, DataType hiddenDtype) {
    return settings.code().masksLikeTable() ? settings.embeddingDtype(TIED_HEAD) : hiddenDtype;
  }

  private Tensor shared(Operation operation, String name, long elements, DataType dtype) {
    g.site().operation(operation);
    return g.allocateShared(name, Category.OTHER, elements, dtype);
  }

  private @Nullable NamedWeights weights() {
    return settings.code().namesWeights()
        ? new NamedWeights(settings.code().returnsWeights())
        : null;
  }

  private SharedInputs.@Nullable Biases biases() {
    return settings.code().biases().shared()
        ? new SharedInputs.Biases(new SharedBias(), new SharedBias())
        : null;
  }
}
