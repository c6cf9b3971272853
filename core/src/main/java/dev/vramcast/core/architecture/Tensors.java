package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The parameter tensors of a model, named as in a checkpoint of Transformers 4. */
public final class Tensors {

  private Tensors() {}

  /** Every parameter tensor; a tied head has none of its own. */
  public static List<ParameterTensor> of(Architecture architecture) {
    List<ParameterTensor> tensors = new ArrayList<>(beforeLayers(architecture));
    int index = 0;
    for (LayerRun run : architecture.layers()) {
      List<List<ParameterTensor>> period = run.period().stream().map(Tensors::of).toList();
      for (int repeat = 0; repeat < run.times(); repeat++) {
        for (List<ParameterTensor> layer : period) {
          String path = architecture.layerPath() + "." + index + ".";
          for (ParameterTensor tensor : layer) {
            tensors.add(new ParameterTensor(path + tensor.name(), tensor.shape(), tensor.group()));
          }
          index++;
        }
      }
    }
    tensors.addAll(afterLayers(architecture));
    return List.copyOf(tensors);
  }

  /** The parameter tensors of one layer, named below it. */
  public static List<ParameterTensor> of(DecoderLayer layer) {
    List<ParameterTensor> tensors = new ArrayList<>(mixerTensors(layer));
    tensors.addAll(of(layer.mlp()));
    tensors.addAll(besideTensors(layer));
    return tensors;
  }

  private static List<ParameterTensor> mixerTensors(DecoderLayer layer) {
    List<ParameterTensor> tensors = new ArrayList<>();
    addLinears(tensors, layer.mixer().linears(), TensorGroup.ATTENTION);
    layer.mixer().norms().forEach(norm -> addNorm(tensors, Optional.of(norm)));
    tensors.addAll(layer.mixer().others());
    return tensors;
  }

  private static List<ParameterTensor> besideTensors(DecoderLayer layer) {
    List<ParameterTensor> tensors = new ArrayList<>();
    addNorm(tensors, layer.beforeMixer());
    addNorm(tensors, layer.afterMixer());
    addNorm(tensors, layer.beforeMlp());
    addNorm(tensors, layer.afterMlp());
    addLinears(tensors, layer.extras().linears(), TensorGroup.MLP);
    layer.extras().norms().forEach(norm -> addNorm(tensors, Optional.of(norm)));
    tensors.addAll(layer.extras().parameters());
    return tensors;
  }

  /** Elements of all parameters, without writing out repeated layers. */
  public static long count(Architecture architecture) {
    return count(architecture, Tensors::count);
  }

  /** Elements of the largest parameter, without writing out repeated layers. */
  public static long largestCount(Architecture architecture) {
    Stream<ParameterTensor> outside =
        Stream.concat(beforeLayers(architecture).stream(), afterLayers(architecture).stream());
    Stream<ParameterTensor> layers =
        architecture.layers().stream()
            .filter(run -> run.times() > 0)
            .flatMap(run -> run.period().stream())
            .flatMap(layer -> of(layer).stream());
    return Stream.concat(outside, layers).mapToLong(ParameterTensor::count).max().orElse(0);
  }

  /** As {@link #count}, with only the routed experts that one token visits. */
  public static long activeCount(Architecture architecture) {
    return count(architecture, layer -> count(layer) - idleCount(layer.mlp()));
  }

  /** Elements that full fine-tuning trains: all but those to which no gradient comes. */
  public static long trainableCount(Architecture architecture) {
    long still =
        architecture.towers().stream()
            .flatMap(tower -> tower.encoder().stream())
            .mapToLong(encoder -> encoder.stack().stillCount())
            .sum();
    return count(architecture)
        - inLayers(architecture, Tensors::stillCount)
        - architecture.embeddings().stillCount()
        - still;
  }

  private static long stillCount(DecoderLayer layer) {
    return sum(layer.extras().otherParameters().stream());
  }

  private static long idleCount(Mlp mlp) {
    return mlp instanceof MixtureOfExperts moe
        ? (moe.experts() - moe.topK()) * moe.expertParameterCount()
        : 0;
  }

  private static long count(Architecture architecture, ToLongFunction<DecoderLayer> layerCount) {
    long outside =
        Math.addExact(
            sum(beforeLayers(architecture).stream()), sum(afterLayers(architecture).stream()));
    return Math.addExact(outside, inLayers(architecture, layerCount));
  }

  /** What is counted in each layer, of all of them, without writing out repeated ones. */
  public static long inLayers(Architecture architecture, ToLongFunction<DecoderLayer> each) {
    long total = 0;
    for (LayerRun run : architecture.layers()) {
      long period = run.period().stream().mapToLong(each).reduce(0, Math::addExact);
      total = Math.addExact(total, Math.multiplyExact(period, run.times()));
    }
    return total;
  }

  /** Elements of all parameters of one layer. */
  public static long count(DecoderLayer layer) {
    long mixer = sum(mixerTensors(layer).stream());
    long beside = sum(besideTensors(layer).stream());
    return Math.addExact(Math.addExact(mixer, beside), layer.mlp().parameterCount());
  }

  private static long sum(Stream<ParameterTensor> tensors) {
    return tensors.mapToLong(ParameterTensor::count).reduce(0, Math::addExact);
  }

  /** The parameter tensors of the embeddings, and what stands beside them. */
  public static List<ParameterTensor> beforeLayers(Architecture architecture) {
    Embeddings embeddings = architecture.embeddings();
    List<ParameterTensor> tensors = new ArrayList<>();
    Stream.of(Optional.of(embeddings.token()), embeddings.position(), embeddings.tokenType())
        .flatMap(Optional::stream)
        .forEach(table -> tensors.add(weight(table)));
    addNorm(tensors, embeddings.norm());
    tensors.addAll(architecture.extras().parameters());
    return tensors;
  }

  /** The parameter tensors of the last norm, the head and towers. */
  public static List<ParameterTensor> afterLayers(Architecture architecture) {
    List<ParameterTensor> tensors = new ArrayList<>();
    addNorm(tensors, architecture.finalNorm());
    Head head = architecture.head();
    int last = head.linears().size() - 1;
    for (int i = 0; i <= last; i++) {
      Linear linear = head.linears().get(i);
      if (!head.tied() || i < last) {
        tensors.add(weight(linear, TensorGroup.HEAD));
      }
      addBias(tensors, linear, TensorGroup.HEAD);
    }
    addNorm(tensors, head.transform().norm());
    for (Tower tower : architecture.towers()) {
      addLinears(tensors, tower.linears(), TensorGroup.TOWER);
      tensors.addAll(tower.others());
    }
    return tensors;
  }

  private static List<ParameterTensor> of(Mlp mlp) {
    List<ParameterTensor> tensors = new ArrayList<>();
    if (mlp instanceof GatedMlp gated) {
      addLinears(tensors, gated.linears(), TensorGroup.MLP);
      addNorm(tensors, gated.norm());
    } else if (mlp instanceof PlainMlp plain) {
      addLinears(tensors, plain.linears(), TensorGroup.MLP);
      tensors.addAll(plain.others());
    } else if (mlp instanceof MixtureOfExperts moe) {
      addLinears(tensors, List.of(moe.router()), TensorGroup.ROUTER);
      if (moe.names().alwaysFused()) {
        addFusedExperts(tensors, moe);
      } else {
        addExperts(tensors, moe);
      }
      moe.shared().ifPresent(shared -> tensors.addAll(of(shared)));
      moe.sharedGate().ifPresent(gate -> addLinears(tensors, List.of(gate), TensorGroup.ROUTER));
    }
    return tensors;
  }

  private static void addExperts(List<ParameterTensor> tensors, MixtureOfExperts moe) {
    MixtureOfExperts.ExpertNames names = moe.names();
    long hidden = moe.hiddenSize();
    long inner = moe.intermediateSize();
    for (int i = 0; i < moe.experts(); i++) {
      String path = names.block() + ".experts." + i + ".";
      List<Linear> linears = new ArrayList<>();
      if (moe.gated()) {
        linears.add(new Linear(path + names.gate(), hidden, inner, moe.expertBias()));
      }
      linears.add(new Linear(path + names.up(), hidden, inner, moe.expertBias()));
      linears.add(new Linear(path + names.down(), inner, hidden, moe.expertBias()));
      addLinears(tensors, linears, TensorGroup.EXPERTS);
    }
  }

  private static void addFusedExperts(List<ParameterTensor> tensors, MixtureOfExperts moe) {
    MixtureOfExperts.ExpertNames names = moe.names();
    long hidden = moe.hiddenSize();
    long inner = moe.intermediateSize();
    boolean together = moe.gated() && names.gate().equals(names.up());
    if (moe.gated() && !together) {
      addFused(tensors, moe, names.gate(), hidden, inner);
    }
    addFused(tensors, moe, names.up(), hidden, together ? 2 * inner : inner);
    addFused(tensors, moe, names.down(), inner, hidden);
  }

  private static void addFused(
      List<ParameterTensor> tensors, MixtureOfExperts moe, String name, long in, long out) {
    String path = moe.names().block() + "." + name;
    long experts = moe.experts();
    tensors.add(new ParameterTensor(path, List.of(experts, in, out), TensorGroup.EXPERTS));
    if (moe.expertBias()) {
      tensors.add(new ParameterTensor(path + "_bias", List.of(experts, out), TensorGroup.EXPERTS));
    }
  }

  static void addLinears(List<ParameterTensor> tensors, List<Linear> linears, TensorGroup group) {
    for (Linear linear : linears) {
      tensors.add(weight(linear, group));
      addBias(tensors, linear, group);
    }
  }

  private static ParameterTensor weight(Linear linear, TensorGroup group) {
    return new ParameterTensor(
        linear.name() + ".weight", List.of(linear.out(), linear.in()), group);
  }

  static ParameterTensor weight(Embedding table) {
    return new ParameterTensor(
        table.name() + ".weight", List.of(table.rows(), table.width()), TensorGroup.EMBEDDING);
  }

  private static void addBias(List<ParameterTensor> tensors, Linear linear, TensorGroup group) {
    if (linear.bias()) {
      tensors.add(new ParameterTensor(linear.name() + ".bias", List.of(linear.out()), group));
    }
  }

  static void addNorm(List<ParameterTensor> tensors, Optional<Norm> norm) {
    norm.filter(Norm::weighted)
        .ifPresent(each -> tensors.add(tensor(each, each.isBare() ? "" : ".weight")));
    norm.filter(Norm::bias).ifPresent(each -> tensors.add(tensor(each, ".bias")));
  }

  private static ParameterTensor tensor(Norm norm, String suffix) {
    return new ParameterTensor(norm.name() + suffix, List.of(norm.size()), TensorGroup.NORM);
  }
}
