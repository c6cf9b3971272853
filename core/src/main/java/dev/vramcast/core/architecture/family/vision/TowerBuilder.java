package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Collects the modules of a tower. */
public final class TowerBuilder {

  private final List<Linear> linears = new ArrayList<>();
  private final List<ParameterTensor> others = new ArrayList<>();

  public TowerBuilder linear(String path, long in, long out, boolean bias) {
    return linear(new Linear(path, in, out, bias));
  }

  /** A norm's weight and, with {@code bias}, its bias. */
  public TowerBuilder norm(String path, long size, boolean bias) {
    return weight(path, bias, size);
  }

  /** A weight of any shape and, with {@code bias}, a bias over the first dimension. */
  public TowerBuilder weight(String path, boolean bias, long... shape) {
    tensor(path + ".weight", shape);
    return bias ? tensor(path + ".bias", shape[0]) : this;
  }

  public TowerBuilder tensor(String path, long... shape) {
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    others.add(new ParameterTensor(path, dimensions, TensorGroup.TOWER));
    return this;
  }

  /** An {@code nn.Embedding}. */
  public TowerBuilder table(String path, long rows, long width) {
    return tensor(lookup(path, rows, width));
  }

  /** The weight of an {@code nn.Embedding}. */
  public static ParameterTensor lookup(String path, long rows, long width) {
    return new ParameterTensor(path + ".weight", List.of(rows, width), TensorGroup.TOWER_TABLE);
  }

  /** A table that nobody trains ({@code requires_grad_(False)}). */
  public TowerBuilder fixed(String path, long rows, long width) {
    others.add(
        new ParameterTensor(path + ".weight", List.of(rows, width), TensorGroup.FIXED_TOWER));
    return this;
  }

  /** A parameter with the name that it has. */
  public TowerBuilder tensor(ParameterTensor tensor) {
    others.add(tensor);
    return this;
  }

  /** Query, key, value and output projection between features of equal number. */
  TowerBuilder attention(String path, long size, boolean bias, String output) {
    return linear(path + ".q_proj", size, size, bias)
        .linear(path + ".k_proj", size, size, bias)
        .linear(path + ".v_proj", size, size, bias)
        .linear(path + "." + output, size, size, bias);
  }

  /** Two linears with the last names {@code first} and {@code second}. */
  public TowerBuilder mlp(
      String path, String first, String second, long size, long inner, boolean bias) {
    return linear(path + "." + first, size, inner, bias)
        .linear(path + "." + second, inner, size, bias);
  }

  TowerBuilder gatedMlp(String path, long size, long inner, boolean bias) {
    return linear(path + ".gate_proj", size, inner, bias)
        .linear(path + ".up_proj", size, inner, bias)
        .linear(path + ".down_proj", inner, size, bias);
  }

  /**
   * Equal layers.
   *
   * @param path of their list
   */
  public TowerBuilder layers(String path, DecoderLayer layer, int count) {
    for (int i = 0; i < count; i++) {
      layer(path + "." + i, layer);
    }
    return this;
  }

  /** A projection with the name that it has. */
  public TowerBuilder linear(Linear linear) {
    linears.add(linear);
    return this;
  }

  /** A norm with the name that it has. */
  public TowerBuilder norm(Norm norm) {
    return norm(norm.name(), norm.size(), norm.bias());
  }

  /** One layer. */
  public TowerBuilder layer(String path, DecoderLayer layer) {
    for (Linear linear : linears(layer)) {
      linear(path + "." + linear.name(), linear.in(), linear.out(), linear.bias());
    }
    for (Norm norm : norms(layer)) {
      String name = path + "." + norm.name();
      if (norm.isBare()) {
        tensor(name, norm.size());
      } else {
        norm(name, norm.size(), norm.bias());
      }
    }
    for (ParameterTensor other : layer.mixer().others()) {
      tensor(new ParameterTensor(path + "." + other.name(), other.shape(), TensorGroup.TOWER));
    }
    return this;
  }

  private static List<Linear> linears(DecoderLayer layer) {
    List<Linear> all = new ArrayList<>(layer.mixer().linears());
    if (layer.mlp() instanceof PlainMlp plain) {
      all.addAll(plain.linears());
    } else if (layer.mlp() instanceof GatedMlp gated) {
      all.addAll(gated.linears());
    }
    return all;
  }

  private static List<Norm> norms(DecoderLayer layer) {
    List<Norm> all = new ArrayList<>(layer.mixer().norms());
    layer.beforeMixer().ifPresent(all::add);
    layer.beforeMlp().ifPresent(all::add);
    layer.afterMixer().ifPresent(all::add);
    layer.afterMlp().ifPresent(all::add);
    return all;
  }

  public Tower build(String name) {
    return new Tower(name, linears, others, Optional.empty());
  }

  /** A tower that can run on images. */
  public Tower build(String name, Encoder encoder) {
    return new Tower(name, linears, others, Optional.of(encoder));
  }
}
