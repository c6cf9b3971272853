package dev.vramcast.core.architecture.family.seq2seq;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.CrossBlock;
import dev.vramcast.core.architecture.mixer.PositionBias;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.InnerDropout;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Biases;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.StackTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.TokenRow;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * T5, with what it was trained further as, and its multilingual kin, of which UMT5 has a bias by
 * position in every layer.
 */
public final class T5 {

  private static final String SHARED = "shared";

  private final ModelConfig config;
  private final String classes;
  private final boolean tied;
  private final boolean biasedByLayer;
  private final long size;
  private final int heads;
  private final int headSize;
  private final double dropout;
  private final Mlp mlp;

  private T5(ModelConfig config, String classes, boolean tied, boolean biasedByLayer) {
    this.config = config;
    this.classes = classes;
    this.tied = tied;
    this.biasedByLayer = biasedByLayer;
    this.size = config.size("d_model", 512);
    this.heads = Shape.heads(config, "num_heads");
    this.headSize = Math.toIntExact(config.size("d_kv", 64));
    this.dropout = config.number("dropout_rate", 0.1);
    this.mlp = mlp();
  }

  public static Architecture t5(ModelConfig config) {
    return new T5(config, "T5", config.flag("tie_word_embeddings", true), false).read();
  }

  public static Architecture mt5(ModelConfig config) {
    return new T5(config, "MT5", config.flag("tie_word_embeddings", false), false).read();
  }

  public static Architecture umt5(ModelConfig config) {
    return new T5(config, "UMT5", config.flag("tie_word_embeddings", true), true).read();
  }

  private Architecture read() {
    String architecture = HeadBuilder.architecture(config);
    if (!architecture.isEmpty() && !architecture.endsWith("ForConditionalGeneration")) {
      throw Gap.of("the ", architecture, " of a t5").refusal();
    }
    Architecture decoder = decoder();
    return decoder.toBuilder()
        .towers(List.of(encoder(decoder)))
        .build()
        .withLoss(loss -> loss.causal(false));
  }

  /** The checkpoints whose head is their table's divide its input by the root of its features. */
  private ModelTraits traits() {
    return ModelTraits.builder()
        .lossInOwnDtype(Versions.ALL)
        .weights(Weights.USUAL.softmax(Softmax.OWN).dropped(Versions.ALL))
        .sdpa(Versions.since(5, 15))
        .biases(new Biases(!biasedByLayer, Versions.until(5, 15)))
        .end(new StackTraits.End(true, tied, false))
        .onceEmbedded(Versions.until(5, 0))
        .widensKept(Versions.until(5, 0))
        .adapterTargets("q", "v")
        .classes(classes)
        .layerClass("Block")
        .build();
  }

  private Architecture decoder() {
    int layers = Shape.layers(config, "num_layers");
    ModelConfig own =
        config.with(
            Map.of(
                "hidden_size", size,
                "num_attention_heads", heads,
                "num_key_value_heads", heads,
                "head_dim", headSize,
                "num_hidden_layers", config.size("num_decoder_layers", layers),
                "tie_word_embeddings", tied));
    Attention first = attention(true, true);
    Attention others = attention(biasedByLayer, true);
    LayerExtras made = LayerExtras.NONE.crossing(cross(CrossAttention.Bias.MADE));
    LayerExtras read =
        biasedByLayer ? made : LayerExtras.NONE.crossing(cross(CrossAttention.Bias.READ));
    Mlp last = at(2);
    return new DecoderBuilder(own, Shape.of(own).withMaxPositions(0))
        .paths(SHARED, "decoder.block", "decoder.final_layer_norm", "lm_head")
        .norm(Norm.Type.RMS_OF_INPUT)
        .preNorms("layer.0.layer_norm", "layer.2.layer_norm")
        .residualDropout(dropout)
        .embeddingDropout(dropout)
        .mixer(layer -> layer == 0 ? first : others)
        .mlp(layer -> last)
        .layerExtras(layer -> layer == 0 ? made : read)
        .traits(traits())
        .build();
  }

  private Attention attention(boolean first, boolean causal) {
    String path = "layer.0.SelfAttention.";
    long inner = (long) heads * headSize;
    ParameterTensor table =
        new ParameterTensor(
            path + "relative_attention_bias.weight",
            List.of(config.size("relative_attention_num_buckets", 32), (long) heads),
            TensorGroup.ATTENTION);
    return Attention.builder()
        .heads(heads)
        .kvHeads(heads)
        .headSize(headSize)
        .qkv(
            List.of(
                new Linear(path + "q", size, inner, false),
                new Linear(path + "k", size, inner, false),
                new Linear(path + "v", size, inner, false)))
        .output(new Linear(path + "o", inner, size, false))
        .rotary(Rotary.NONE)
        .dropout(dropout)
        .bias(new PositionBias(first ? Optional.of(table) : Optional.empty(), causal))
        .build();
  }

  private CrossBlock cross(CrossAttention.Bias bias) {
    String path = "layer.1.EncDecAttention.";
    long inner = (long) heads * headSize;
    return new CrossBlock(
        norm("layer.1.layer_norm"),
        new CrossAttention(
            heads,
            heads,
            headSize,
            new CrossAttention.Projections(
                new Linear(path + "q", size, inner, false),
                new Linear(path + "k", size, inner, false),
                new Linear(path + "v", size, inner, false),
                new Linear(path + "o", inner, size, false)),
            Optional.empty(),
            Optional.empty(),
            dropout,
            bias));
  }

  private Norm norm(String name) {
    return new Norm(name, Norm.Type.RMS_OF_INPUT, size, true, false);
  }

  /** {@code _keep_in_fp32_modules}: what quantises the model leaves {@code wo} as it is. */
  private Mlp mlp() {
    String named = config.text("feed_forward_proj", "relu");
    boolean gated = named.startsWith("gated-");
    String activation = gated ? named.substring("gated-".length()) : named;
    Activation function =
        gated && activation.equals("gelu")
            ? Activation.GELU_NEW
            : Mlps.activation(
                new ModelConfig(config.place(), Map.of("feed_forward_proj", activation)),
                "feed_forward_proj",
                activation);
    long inner = config.size("d_ff", 2048);
    Optional<InnerDropout> between = Optional.of(new InnerDropout(dropout, true));
    Linear down = new Linear("wo", inner, size, false).inSixteenBits();
    return gated
        ? new GatedMlp(
            List.of(new Linear("wi_0", size, inner, false), new Linear("wi_1", size, inner, false)),
            down,
            function,
            Optional.empty(),
            between)
        : new PlainMlp(new Linear("wi", size, inner, false), down, function, 0, between);
  }

  /** The MLP as the part of a layer that has this number. */
  private Mlp at(int number) {
    String path = "layer." + number + ".DenseReluDense.";
    if (mlp instanceof GatedMlp gated) {
      return new GatedMlp(
          gated.gateUp().stream().map(each -> each.named(path + each.name())).toList(),
          gated.down().named(path + gated.down().name()),
          gated.activation(),
          gated.norm(),
          gated.inner());
    }
    PlainMlp plain = (PlainMlp) mlp;
    return plain.with(
        plain.up().named(path + plain.up().name()), plain.down().named(path + plain.down().name()));
  }

  private Tower encoder(Architecture decoder) {
    int count = Shape.layers(config, "num_layers");
    DecoderLayer first = layer(true);
    DecoderLayer others = layer(biasedByLayer);
    String path = "encoder.block";
    TowerBuilder tower = new TowerBuilder().layer(path + ".0", first);
    for (int i = 1; i < count; i++) {
      tower.layer(path + "." + i, others);
    }
    Norm last = norm("encoder.final_layer_norm");
    tower.norm(last);
    Embedding table = decoder.embeddings().token();
    Embeddings embeddings =
        new Embeddings(
            table,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            OptionalDouble.of(dropout));
    VisionStack stack =
        new VisionStack(
                decoder.traits(),
                decoder.modelingFile(),
                PatchEmbedding.ofText(size),
                path,
                runs(first, others, count),
                Optional.of(last),
                VisionStack.Unread.NOTHING)
            .reading(embeddings);
    Encoder encoder =
        Encoder.of(stack, new Projector.Absent(), new TokenRow())
            .crossing(Encoder.Crossing.ofText(decoder.layers()));
    return tower.build("encoder", encoder);
  }

  private static List<LayerRun> runs(DecoderLayer first, DecoderLayer others, int count) {
    return count == 1 || first.equals(others)
        ? List.of(new LayerRun(List.of(first), count))
        : List.of(new LayerRun(List.of(first), 1), new LayerRun(List.of(others), count - 1));
  }

  private DecoderLayer layer(boolean first) {
    return DecoderLayer.builder()
        .mixer(attention(first, false))
        .mlp(at(1))
        .beforeMixer(Optional.of(norm("layer.0.layer_norm")))
        .beforeMlp(Optional.of(norm("layer.1.layer_norm")))
        .residualDropout(dropout)
        .build();
  }
}
