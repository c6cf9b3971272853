package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.List;
import java.util.Map;

/** Makes MLPs. */
public final class Mlps {

  private static final Map<String, Activation> ACTIVATIONS =
      Map.ofEntries(
          Map.entry("silu", Activation.SILU),
          Map.entry("swish", Activation.SILU),
          Map.entry("gelu", Activation.GELU),
          Map.entry("gelu_pytorch_tanh", Activation.GELU_TANH),
          Map.entry("gelu_tanh", Activation.GELU_TANH),
          Map.entry("quick_gelu", Activation.QUICK_GELU),
          Map.entry("gelu_new", Activation.GELU_NEW),
          Map.entry("gelu_fast", Activation.GELU_NEW),
          Map.entry("relu", Activation.RELU),
          Map.entry("relu2", Activation.RELU_SQUARED),
          Map.entry("xielu", Activation.XIELU));

  private Mlps() {}

  /** As wide as {@code intermediate_size}, at {@code mlp}, with Llama's names and no biases. */
  public static GatedMlp dense(ModelConfig config, long hidden, Activation activation) {
    return gated("mlp", hidden, config.size("intermediate_size"), false, activation);
  }

  /** Gate, up and down with Llama's names. */
  public static GatedMlp gated(
      String path, long hidden, long intermediate, boolean bias, Activation activation) {
    return gated(path, "gate_proj", "up_proj", "down_proj", hidden, intermediate, bias, activation);
  }

  public static GatedMlp gated(
      String path,
      String gate,
      String up,
      String down,
      long hidden,
      long intermediate,
      boolean bias,
      Activation activation) {
    return new GatedMlp(
        List.of(
            new Linear(path + "." + gate, hidden, intermediate, bias),
            new Linear(path + "." + up, hidden, intermediate, bias)),
        new Linear(path + "." + down, intermediate, hidden, bias),
        activation);
  }

  /** One projection yields gate and up. */
  public static GatedMlp fused(
      String path,
      String gateUp,
      String down,
      long hidden,
      long intermediate,
      boolean bias,
      Activation activation) {
    return new GatedMlp(
        List.of(new Linear(path + "." + gateUp, hidden, 2 * intermediate, bias)),
        new Linear(path + "." + down, intermediate, hidden, bias),
        activation);
  }

  public static PlainMlp plain(
      String up, String down, long hidden, long intermediate, boolean bias, Activation activation) {
    return new PlainMlp(
        new Linear(up, hidden, intermediate, bias),
        new Linear(down, intermediate, hidden, bias),
        activation);
  }

  /** The activation that {@code key} names. */
  public static Activation activation(ModelConfig config, String key, String fallback) {
    String name = config.text(key, fallback);
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw config
          .about(key)
          .is(name)
          .and(", an activation this program does not know")
          .near(name, ACTIVATIONS.keySet())
          .refusal();
    }
    return activation;
  }
}
