package dev.vramcast.core.architecture.family.seq2seq;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.DecoderLayerBuilder;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.BartBlocks;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.InnerDropout;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.StackTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.TokenRow;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * BART, PLBART, Blenderbot Small and Marian, whose norms stand behind what they follow, and mBART,
 * Blenderbot, M2M100 and PEGASUS, which have them before.
 */
public final class Bart {

  private static final String ENCODER = "model.encoder";
  private static final String DECODER = "model.decoder";

  /** Rows before the first position ({@code BartLearnedPositionalEmbedding.offset}). */
  private static final long OFFSET = 2;

  private final ModelConfig config;
  private final Kind kind;
  private final long size;
  private final BartBlocks blocks;
  private final double dropout;

  /**
   * What differs.
   *
   * @param normsFirst norms stand before attention and MLP, and one behind the last layer
   * @param normsSum embeddings are normalised
   * @param offset rows before the first position
   * @param scalesBeside embeddings are multiplied outside of their module
   * @param onceEmbedded encoder and decoder look tokens up by one module before Transformers 5.0
   */
  private record Kind(
      String classes,
      boolean normsFirst,
      Positions positions,
      boolean normsSum,
      long offset,
      boolean scalesBeside,
      boolean onceEmbedded) {

    /** With a table that is trained, behind which a norm follows. */
    static Kind learned(String classes, boolean normsFirst) {
      return new Kind(classes, normsFirst, Positions.LEARNED, true, OFFSET, false, false);
    }

    /** {@code PegasusSinusoidalPositionalEmbedding}: a parameter that nobody trains. */
    static Kind fixed(String classes, boolean normsFirst) {
      return new Kind(classes, normsFirst, Positions.FIXED, false, 0, true, true);
    }
  }

  /** What a token's place adds to it. */
  private enum Positions {
    /** A table that is trained. */
    LEARNED,
    /** A table that is not. */
    FIXED,
    /** Constants that are no parameter. */
    COMPUTED
  }

  private Bart(ModelConfig config, Kind kind) {
    this.config = config;
    this.kind = kind;
    this.size = config.size("d_model", 1024);
    this.blocks = new BartBlocks(config, size, true);
    this.dropout = config.number("dropout", 0.1);
  }

  public static Architecture bart(ModelConfig config) {
    return new Bart(config, Kind.learned("Bart", false)).read();
  }

  public static Architecture plbart(ModelConfig config) {
    return new Bart(config, Kind.learned("PLBart", false)).read();
  }

  public static Architecture blenderbot(ModelConfig config) {
    Kind kind = new Kind("Blenderbot", true, Positions.LEARNED, false, 0, false, true);
    return new Bart(config, kind).read();
  }

  public static Architecture blenderbotSmall(ModelConfig config) {
    Kind kind = new Kind("BlenderbotSmall", false, Positions.LEARNED, true, 0, true, true);
    return new Bart(config, kind).read();
  }

  public static Architecture mbart(ModelConfig config) {
    return new Bart(config, Kind.learned("MBart", true)).read();
  }

  public static Architecture m2m(ModelConfig config) {
    Kind kind = new Kind("M2M100", true, Positions.COMPUTED, false, OFFSET, false, false);
    return new Bart(config, kind).read();
  }

  public static Architecture pegasus(ModelConfig config) {
    return new Bart(config, Kind.fixed("Pegasus", true)).read();
  }

  /** Two vocabularies, of which the tables are two, are not described. */
  public static Architecture marian(ModelConfig config) {
    if (!config.flag("share_encoder_decoder_embeddings", true)) {
      throw Gap.of("a marian of two vocabularies").refusal();
    }
    return new Bart(config, Kind.fixed("Marian", false)).read();
  }

  private Architecture read() {
    String architecture = HeadBuilder.architecture(config);
    boolean writes =
        architecture.endsWith("ForConditionalGeneration") || architecture.endsWith("MTModel");
    if (!architecture.isEmpty() && !writes) {
      throw Gap.of("the ", architecture, " of an encoder-decoder").refusal();
    }
    Architecture decoder = decoder();
    return decoder.toBuilder()
        .towers(List.of(encoder(decoder)))
        .build()
        .withLoss(loss -> loss.causal(false));
  }

  /**
   * The constant that embeddings are multiplied with is 1 in most, and makes a tensor all the same.
   */
  private ModelTraits traits() {
    ModelTraitsBuilder traits =
        ModelTraits.builder()
            .lossInOwnDtype(Versions.ALL)
            .weights(Weights.USUAL.softmax(Softmax.OWN))
            .masksLikeTable(Versions.ALL)
            .callsDropout()
            .scalesInEmbedding(kind.scalesBeside() ? Versions.NONE : Versions.ALL)
            .separatelyEmbedded(kind.onceEmbedded() ? Versions.NONE : Versions.until(5, 0))
            .onceEmbedded(kind.onceEmbedded() ? Versions.until(5, 0) : Versions.NONE)
            .adapterTargets("q_proj", "v_proj")
            .classes(kind.classes());
    if (kind.positions() != Positions.COMPUTED) {
      traits.end(new StackTraits.End(false, false, true));
    }
    return traits.build();
  }

  private Architecture decoder() {
    int heads = Shape.heads(config, "decoder_attention_heads");
    ModelConfig own = blocks.decoder(heads, config.size("decoder_layers", 12));
    long positions = config.size("max_position_embeddings", 1024);
    Attention attention = blocks.attention(heads);
    Mlp mlp = mlp("decoder_ffn_dim");
    LayerExtras cross = LayerExtras.NONE.crossing(blocks.cross(heads));
    DecoderBuilder builder =
        new DecoderBuilder(own, Shape.of(own).withMaxPositions(positions))
            .paths(
                "model.shared",
                DECODER + ".layers",
                kind.normsFirst() ? DECODER + ".layer_norm" : "",
                "lm_head")
            .scaledEmbedding()
            .layerNorm(true, true)
            .residualDropout(dropout)
            .embeddingDropout(dropout)
            .head(HeadBuilder::tiedByDefault)
            .mixer(() -> attention)
            .mlp(() -> mlp)
            .layerExtras(layer -> cross)
            .traits(traits());
    if (kind.normsSum()) {
      builder.embeddingNorm(DECODER + ".layernorm_embedding");
    }
    switch (kind.positions()) {
      case LEARNED, FIXED -> builder.positions(positions(DECODER));
      // M2M100SinusoidalPositionalEmbedding: one of the encoder's and one of the decoder's.
      case COMPUTED -> builder.constantPositions(2 * (positions + kind.offset()), true);
    }
    return kind.normsFirst()
        ? builder.preNorms("self_attn_layer_norm", "final_layer_norm").build()
        : builder
            .preNorms("", "")
            .postNorms("self_attn_layer_norm", "final_layer_norm")
            .wiring(Wiring.POST_RESIDUAL)
            .build();
  }

  private Embedding positions(String stack) {
    long rows = config.size("max_position_embeddings", 1024);
    String name = stack + ".embed_positions";
    Embedding table = new Embedding(name, rows + kind.offset(), size);
    return kind.positions() == Positions.FIXED ? table.fixed() : table;
  }

  private Mlp mlp(String key) {
    long inner = config.size(key, 4096);
    return new PlainMlp(
        new Linear("fc1", size, inner, true),
        new Linear("fc2", inner, size, true),
        Mlps.activation(config, "activation_function", "gelu"),
        0,
        Optional.of(new InnerDropout(config.number("activation_dropout", 0), false)));
  }

  private Tower encoder(Architecture decoder) {
    int count = Shape.layers(config, "encoder_layers");
    DecoderLayer layer = layer();
    TowerBuilder tower = new TowerBuilder();
    Optional<Embedding> positions =
        kind.positions() == Positions.COMPUTED ? Optional.empty() : Optional.of(positions(ENCODER));
    positions.ifPresent(
        table -> tower.tensor(table.name() + ".weight", table.rows(), table.width()));
    Optional<Norm> ofSum =
        kind.normsSum()
            ? Optional.of(blocks.norm(ENCODER + ".layernorm_embedding"))
            : Optional.empty();
    ofSum.ifPresent(tower::norm);
    for (int i = 0; i < count; i++) {
      tower.layer(ENCODER + ".layers." + i, layer);
    }
    Optional<Norm> last =
        kind.normsFirst() ? Optional.of(blocks.norm(ENCODER + ".layer_norm")) : Optional.empty();
    last.ifPresent(tower::norm);
    VisionStack stack =
        new VisionStack(
                decoder.traits(),
                decoder.modelingFile(),
                PatchEmbedding.ofText(size),
                ENCODER + ".layers",
                List.of(new LayerRun(List.of(layer), count)),
                last,
                VisionStack.Unread.NOTHING)
            .reading(
                new Embeddings(
                    decoder.embeddings().token(),
                    positions,
                    decoder.embeddings().constants(),
                    Optional.empty(),
                    ofSum,
                    false,
                    true,
                    OptionalDouble.of(dropout)));
    return tower.build(
        "encoder",
        Encoder.of(stack, new Projector.Absent(), new TokenRow())
            .crossing(Encoder.Crossing.ofText(decoder.layers())));
  }

  private DecoderLayer layer() {
    DecoderLayerBuilder layer =
        DecoderLayer.builder()
            .mixer(blocks.attention(Shape.heads(config, "encoder_attention_heads")))
            .mlp(mlp("encoder_ffn_dim"))
            .residualDropout(dropout);
    Optional<Norm> first = Optional.of(blocks.norm("self_attn_layer_norm"));
    Optional<Norm> second = Optional.of(blocks.norm("final_layer_norm"));
    return kind.normsFirst()
        ? layer.beforeMixer(first).beforeMlp(second).build()
        : layer.afterMixer(first).afterMlp(second).wiring(Wiring.POST_RESIDUAL).build();
  }
}
