package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.PositionBias;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.RotaryTraits;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.module.compress.IndexerPart;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the modules of attention, each parameter in the order of the model's code.
 *
 * @param maxPositions positions for which rotary tables are kept
 */
public record AttentionFactory(ModuleFactory modules, StepSettings settings, long maxPositions) {

  private static final String TABLES = "rotary tables";

  /** Attention of an image's patches. */
  public LayerPart patches(PatchAttention patches) {
    return new PatchAttentionPart(
        patches,
        settings,
        modules.projections(patches.qkv()),
        modules.projection(patches.output()),
        patches.norms().stream().map(modules::norm).map(Norms::ofHeads).toList());
  }

  /** What a model keeps of all positions (GPTJRotaryEmbedding since 5.24), if anything. */
  public static void keepTable(
      ModuleFactory modules, Architecture architecture, StepSettings settings) {
    if (settings.code().rotaryCode().halvesTables()
        && !settings.code().rotates(RotaryTraits::layerTables)) {
      architecture
          .distinctLayers()
          .map(DecoderLayer::mixer)
          .filter(Attention.class::isInstance)
          .mapToLong(mixer -> ((Attention) mixer).rotary().dimensions())
          .max()
          .ifPresent(
              each -> modules.buffer(TABLES, architecture.maxPositions() * each, DataType.FP32));
    }
  }

  /** A causal mask of so many positions. */
  public static void keepMask(ModuleFactory modules, long positions) {
    modules.buffer("causal mask", positions * positions, DataType.BOOL);
  }

  private void keepTables(long features) {
    long rows = settings.framework().get(AttentionCode.LAYER_TABLES);
    if (rows > 0 && features > 0) {
      long kept = Math.min(maxPositions, Math.max(rows, settings.sequence()));
      modules.buffer(TABLES, kept * features);
      modules.buffer(TABLES, kept * features);
    } else if (rows == 0 && settings.code().rotates(RotaryTraits::layerTables)) {
      if (settings.code().rotaryCode().halvesTables()) {
        modules.buffer(TABLES, maxPositions * features, DataType.FP32);
      } else {
        keepWhole(features);
      }
    }
  }

  /** Both tables, of all positions or in the dtype of the values of those that were seen. */
  private void keepWhole(long features) {
    if (!settings.code().traits().rotary().tables().ofSeen()) {
      modules.buffer(TABLES, 2 * maxPositions * features);
    } else if (givesFp32()) {
      modules.buffer(TABLES, 2 * settings.sequence() * features, DataType.FP32);
    } else {
      modules.buffer(TABLES, 2 * settings.sequence() * features);
    }
  }

  /** A quantised product has the dtype of what it multiplies, which norms in fp32 give. */
  private boolean givesFp32() {
    return settings.autocast()
        && !settings.job().quantization().isNone()
        && settings.baseDtype() == DataType.FP32;
  }

  /** Attention, and what its module keeps beside it. */
  public LayerPart attention(Attention attention) {
    if (attention.distances().filter(each -> !each.own().isEmpty()).isPresent()) {
      return DisentangledAttention.OfRows.load(modules, settings, attention);
    }
    keepTables(attention.rotary().dimensions());
    if (settings.code().keepsMaskPerLayer()) {
      keepMask(modules, maxPositions);
    }
    List<Projection> queryKeyValue =
        settings.framework().is(AttentionCode.FUSED_PROJECTION) && attention.qkv().size() == 3
            ? List.of(modules.slicedProjection(attention.qkv()))
            : modules.projections(attention.qkv());
    Projection gate = attention.gate().map(modules::projection).orElse(null);
    Projection output = modules.projection(attention.output());
    Norms queryNorm = headNorm(attention.queryNorm());
    Norms keyNorm = headNorm(attention.keyNorm());
    Parameter sinks =
        attention.sinks() ? modules.layerParameter("sinks", attention.heads(), 1) : null;
    return new AttentionPart(
        attention,
        settings,
        queryKeyValue,
        new AttentionPart.Outputs(gate, output),
        new AttentionPart.HeadNorms(
            queryNorm, keyNorm, valueNorm(attention), norm(attention.outputNorm())),
        new AttentionPart.OfScores(sinks, distances(attention)),
        attention.blocks().map(each -> BlockChoicePart.load(modules, settings, each)).orElse(null),
        attention.differential() ? DifferentialPart.load(modules, attention) : null);
  }

  private @Nullable Parameter distances(Attention attention) {
    return attention
        .bias()
        .flatMap(PositionBias::table)
        .map(table -> modules.layerParameter("biases by distance", table.count(), 1))
        .orElse(null);
  }

  /** Attention of text to what it does not stand among. */
  public LayerPart cross(CrossAttention cross) {
    return new CrossAttentionPart(
        cross,
        settings,
        modules.projection(cross.projections().query()),
        modules.projection(cross.projections().key()),
        modules.projection(cross.projections().value()),
        modules.projection(cross.projections().output()),
        headNorm(cross.queryNorm()),
        headNorm(cross.keyNorm()));
  }

  /** Gemma 3n and 4 normalise values by a norm without weight. */
  private @Nullable Norms valueNorm(Attention attention) {
    return settings.code().normalisesValues() && attention.keyNorm().isPresent()
        ? modules.norm(
            new Norm(
                "v_norm", attention.keyNorm().get().type(), attention.headSize(), false, false))
        : null;
  }

  /** Attention whose keys and values are made of one narrow tensor. */
  public LayerPart latent(LatentAttention latent) {
    return new LatentAttentionPart(
        latent,
        settings,
        new LatentAttentionPart.Query(
            modules.projections(latent.query()), norm(latent.queryNorm())),
        new LatentAttentionPart.KeyValue(
            modules.projection(latent.keyValueDown()),
            modules.norm(latent.keyValueNorm()),
            modules.projection(latent.keyValueUp())),
        modules.projection(latent.output()),
        latent.gate().map(modules::projection).orElse(null),
        latent
            .choice()
            .flatMap(
                choice ->
                    choice
                        .indexer()
                        .map(
                            each ->
                                IndexerPart.load(
                                    modules, settings, each, latent.ropeSize(), choice.count())))
            .orElse(null));
  }

  /** Attention to one key a token and to what is made of many. */
  public LayerPart compressed(CompressedAttention compressed) {
    return CompressedAttentionPart.load(modules, settings, compressed);
  }

  private @Nullable Norms headNorm(Optional<Norm> norm) {
    return norm.map(modules::norm).map(Norms::ofHeads).orElse(null);
  }

  private @Nullable Norms norm(Optional<Norm> norm) {
    return norm.map(modules::norm).orElse(null);
  }
}
