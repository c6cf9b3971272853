package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mamba2Builder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** Granite: constants on embeddings, residuals and logits. */
public final class Granite {

  private static final ModelTraits DENSE =
      ModelTraits.builder()
          .upcastsInModel(Versions.until(4, 48))
          .liger(LigerTraits.ALL.withLoss(LigerTraits.Loss.CROSS_ENTROPY))
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits HYPERCLOVAX =
      ModelTraits.builder().classes("HyperCLOVAX").classHeads(Versions.NONE).build();
  private static final ModelTraits SWA =
      ModelTraits.builder()
          .eagerOnly()
          .scalesBySinks()
          .classes("GraniteSWA")
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits SPARSE = sparseTraits().classes("GraniteMoe").build();
  private static final ModelTraits SHARED = sparseTraits().classes("GraniteMoeShared").build();
  private static final ModelTraits SPARSE_SWA =
      sparseTraits().eagerOnly().scalesBySinks().classes("GraniteMoeSWA").build();
  private static final ModelTraits HYBRID =
      sparseTraits().recurrent(RecurrentPath.KERNELS).classes("GraniteMoeHybrid").build();

  private Granite() {}

  private static ModelTraitsBuilder sparseTraits() {
    return ModelTraits.builder()
        .additiveMasks(Versions.until(5, 0))
        .upcastsInModel(Versions.until(5, 0))
        .unusualLoss(Versions.ALL)
        .classHeads(Versions.NONE)
        .splitExperts(Versions.until(5, 13))
        .bareRouter(Versions.since(5, 13))
        .uncountedExperts()
        .mixtureClass("MoE");
  }

  public static Architecture granite(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return scaled(Llama.decoder(config, shape))
        .traits(DENSE)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .build();
  }

  /** The text model of Granite Vision 4 and of Granite Docling, of which Liger knows nothing. */
  private static Architecture underImages(ModelConfig config, String classes) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return scaled(Llama.decoder(config, shape))
        .traits(ModelTraits.builder().classes(classes).classHeads(Versions.NONE).build())
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .build();
  }

  public static Architecture visionText(ModelConfig config) {
    return underImages(config, "Granite4VisionText");
  }

  public static Architecture doclingText(ModelConfig config) {
    return underImages(config, "GraniteDoclingText");
  }

  /** Granite SWA: windows in three of four layers, and sinks that scale what was attended. */
  public static Architecture graniteSwa(ModelConfig config) {
    Shape shape = Shape.of(config);
    return scaled(Llama.decoder(config, shape))
        .traits(SWA)
        .head(HeadBuilder::tiedByDefault)
        .mixer(sliding(config, shape))
        .build();
  }

  private static IntFunction<Attention> sliding(ModelConfig config, Shape shape) {
    boolean bias = config.flag("attention_bias", false);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 128), layer -> layer % 4 != 0);
    List<?> bases = config.list("layer_rope_theta");
    return layer ->
        Llama.attention(config, shape)
            .bias(bias, bias)
            .sinks()
            .window(windows.applyAsInt(layer))
            .rotary(rotates(bases, layer) ? Rotary.Style.HALF : Rotary.Style.NONE)
            .build();
  }

  /** A base of 0 says that a layer has no positions. */
  private static boolean rotates(List<?> bases, int layer) {
    return layer >= bases.size()
        || !(bases.get(layer) instanceof Number base)
        || base.doubleValue() != 0;
  }

  /** HyperCLOVA X: norms after attention and MLP as well. */
  public static Architecture hyperClovaX(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    boolean after = config.flag("use_post_norm", true);
    return scaled(Llama.decoder(config, shape))
        .postNorms(after ? "post_norm1" : "", after ? "post_norm2" : "")
        .traits(HYPERCLOVAX)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .build();
  }

  public static Architecture granitemoe(ModelConfig config) {
    return sparse(config, block(config, Shape.of(config)).build(), SPARSE);
  }

  /** Experts beside an MLP that every token visits. */
  public static Architecture granitemoeshared(ModelConfig config) {
    return sparse(config, besideShared(config), SHARED);
  }

  /** Windows and sinks as {@link #graniteSwa}, experts as {@link #granitemoeshared}. */
  public static Architecture graniteMoeSwa(ModelConfig config) {
    Shape shape = Shape.of(config);
    Mlp experts = besideShared(config);
    return scaled(new DecoderBuilder(config, shape))
        .mixer(sliding(config, shape))
        .mlp(layer -> experts)
        .traits(SPARSE_SWA)
        .build();
  }

  private static Mlp besideShared(ModelConfig config) {
    Shape shape = Shape.of(config);
    MoeBuilder block = block(config, shape);
    if (config.count("shared_intermediate_size", 0) > 0) {
      block.shared(sharedMlp(config, shape));
    }
    return block.build();
  }

  private static Architecture sparse(ModelConfig config, Mlp experts, ModelTraits traits) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return scaled(new DecoderBuilder(config, shape))
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .mlp(layer -> experts)
        .traits(traits)
        .build();
  }

  /** Granite 4: Mamba 2 in most layers, experts only in the larger models. */
  public static Architecture granitemoehybrid(ModelConfig config) {
    Shape shape = Shape.of(config);
    IntFunction<String> types =
        LayerTypes.of(
            config,
            shape.layers(),
            LayerTypes.of(config, "layers_block_type", shape.layers(), layer -> "mamba"));
    boolean bias = config.flag("attention_bias", false);
    Rotary.Style rotary =
        config.text("position_embedding_type", "").equals("rope")
            ? Rotary.Style.HALF
            : Rotary.Style.NONE;
    Mlp mlp =
        config.count("num_local_experts", 8) == 0
            ? sharedMlp(config, shape)
            : block(config, shape).shared(sharedMlp(config, shape)).build();
    return scaled(new DecoderBuilder(config, shape))
        .mixer(
            layer ->
                types.apply(layer).equals("mamba")
                    ? mamba(config, shape)
                    : Llama.attention(config, shape).bias(bias, bias).rotary(rotary).build())
        .mlp(layer -> mlp)
        .traits(HYBRID)
        .build();
  }

  /** Mamba 2 by the names that Bamba gave its sizes. */
  static RecurrentMixer mamba(ModelConfig config, Shape shape) {
    int heads = Math.toIntExact(config.size("mamba_n_heads", 128));
    long inner = config.size("mamba_expand", 2) * shape.hidden();
    Shape.divides(config, heads, "mamba heads", inner, "mamba width");
    return new Mamba2Builder("mamba", shape.hidden(), inner, heads)
        .groups(config.size("mamba_n_groups", 1))
        .state(config.size("mamba_d_state", 256))
        .kernel(config.size("mamba_d_conv", 4))
        .chunk(config.size("mamba_chunk_size", 256))
        .bias(config.flag("mamba_conv_bias", true), config.flag("mamba_proj_bias", false))
        .build();
  }

  private static MoeBuilder block(ModelConfig config, Shape shape) {
    return new MoeBuilder(
            config,
            shape.hidden(),
            config.size("intermediate_size"),
            "num_local_experts",
            config.size("num_experts_per_tok", 2))
        .balanced()
        .block("block_sparse_moe")
        .router("block_sparse_moe.router.layer", false)
        .scoring(Scoring.SOFTMAX_OF_TOP_K)
        .activation(Mlps.activation(config, "hidden_act", "silu"))
        .fused("input_linear.weight", "output_linear.weight");
  }

  private static GatedMlp sharedMlp(ModelConfig config, Shape shape) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    return Mlps.fused(
        "shared_mlp",
        "input_linear",
        "output_linear",
        shape.hidden(),
        config.size("shared_intermediate_size", 1024),
        false,
        activation);
  }

  private static DecoderBuilder scaled(DecoderBuilder decoder) {
    return decoder.scaledEmbedding().scaledResidual().head(HeadBuilder::scaled);
  }
}
