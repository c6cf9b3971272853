package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.PooledSize;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/**
 * Gemma 4's vision encoder: linears that may clip, attention rotated by columns and rows, and
 * averages of patches, which the projector normalises.
 */
public final class Gemma4Vision {

  private static final String PATH = "model.vision_tower";
  private static final String LAYERS = PATH + ".encoder.layers";
  private static final Norm.Type NORM = Norm.Type.RMS_BY_POWER;

  /** {@code max_soft_tokens} of the image processor. */
  private static final int MOST_TOKENS = 280;

  private final ModelConfig vision;
  private final TowerBuilder tower = new TowerBuilder();
  private final long size;
  private final boolean clips;

  private Gemma4Vision(ModelConfig vision) {
    this.vision = vision;
    this.size = vision.size("hidden_size", 768);
    this.clips = vision.flag("use_clipped_linears", false);
  }

  /**
   * The tower with its projector.
   *
   * @param sight in which layers of the language model an image sees itself
   */
  public static Tower read(ModelConfig vision, long textHidden, Encoder.Sight sight) {
    return new Gemma4Vision(vision).read(textHidden, sight);
  }

  private Tower read(long textHidden, Encoder.Sight sight) {
    Norm norm = new Norm("model.embed_vision.norm", NORM, size, false, false);
    Linear projection =
        new Linear("model.embed_vision.embedding_projection", size, textHidden, false);
    Projector projector =
        new Projector.Perceptron(Optional.of(norm), List.of(projection), Activation.GELU);
    int pool = Math.toIntExact(vision.size("pooling_kernel_size", 3));
    PooledSize grid =
        new PooledSize(Math.toIntExact(vision.size("patch_size", 16)), pool, MOST_TOKENS);
    VisionStack stack =
        stack().pooled(new PatchPool.Averaged(pool, vision.flag("standardize", false)));
    tower.linear(projection);
    Encoder encoder =
        Encoder.of(stack, projector, grid).joined(Encoder.Joining.BY_IMAGE).seen(sight);
    return tower.build("vision", encoder);
  }

  private VisionStack stack() {
    long patch = vision.size("patch_size", 16);
    long positions = vision.size("position_embedding_size", 10_240);
    ParameterTensor table =
        VisionEncoders.parameter(
            PATH + ".patch_embedder.position_embedding_table", 2, positions, size);
    Linear pixels = new Linear(PATH + ".patch_embedder.input_proj", 3 * patch * patch, size, false);
    DecoderLayer layer = layer();
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 16);
    tower.tensor(table).linear(pixels).layers(LAYERS, layer, count);
    return new VisionStack(
        ModelTraits.builder()
            .rotary(RotaryCode.AXIAL)
            .normalisesValues()
            .build()
            .reachedBy(LigerTraits.NONE),
        new ModelingFile(
            "transformers/models/gemma4/modeling_gemma4.py", "Gemma4Vision", "EncoderLayer", ""),
        PatchEmbedding.ofLinear(pixels).positions(table, PatchEmbedding.Positions.Code.BY_AXIS),
        LAYERS,
        List.of(new LayerRun(List.of(layer), count)),
        Optional.empty(),
        VisionStack.Unread.NOTHING);
  }

  private DecoderLayer layer() {
    long inner = vision.size("intermediate_size", 3072);
    return DecoderLayer.builder()
        .mixer(attention())
        .mlp(
            new GatedMlp(
                List.of(linear("mlp.gate_proj", size, inner), linear("mlp.up_proj", size, inner)),
                linear("mlp.down_proj", inner, size),
                Mlps.activation(vision, "hidden_activation", "gelu_pytorch_tanh")))
        .beforeMixer(norm("input_layernorm", size))
        .afterMixer(norm("post_attention_layernorm", size))
        .beforeMlp(norm("pre_feedforward_layernorm", size))
        .afterMlp(norm("post_feedforward_layernorm", size))
        .build();
  }

  private Attention attention() {
    int head = Math.toIntExact(vision.size("head_dim", 64));
    int heads = Math.toIntExact(vision.size("num_attention_heads", 12));
    int keys = Math.toIntExact(vision.size("num_key_value_heads", 12));
    return Attention.builder()
        .heads(heads)
        .kvHeads(keys)
        .headSize(head)
        .qkv(
            List.of(
                linear("self_attn.q_proj", size, (long) head * heads),
                linear("self_attn.k_proj", size, (long) head * keys),
                linear("self_attn.v_proj", size, (long) head * keys)))
        .output(linear("self_attn.o_proj", (long) head * heads, size))
        .queryNorm(norm("self_attn.q_norm", head))
        .keyNorm(norm("self_attn.k_norm", head))
        .rotary(new Rotary(Rotary.Style.HALF, head))
        .build();
  }

  private Linear linear(String name, long in, long out) {
    return new Linear(name + ".linear", in, out, false).clipped(clips);
  }

  private static Optional<Norm> norm(String name, long size) {
    return Optional.of(new Norm(name, NORM, size, true, false));
  }
}
