package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The modules of a model by their paths, by which jobs choose what gets an adapter or is trained.
 *
 * @param linears inside layers and towers, named below their layer
 * @param scores routers and gates, which give one score an expert
 * @param heads after the last layer
 * @param norms every normalisation that has parameters
 */
record ModuleNames(
    List<Linear> linears,
    List<Linear> scores,
    List<Linear> heads,
    List<Embedding> embeddings,
    List<Norm> norms) {

  static ModuleNames of(Architecture architecture) {
    Collector collector = new Collector();
    for (LayerRun run : architecture.layers()) {
      run.period().forEach(collector::add);
    }
    for (Tower tower : architecture.towers()) {
      collector.linears.addAll(tower.linears());
    }
    List<Embedding> embeddings = new ArrayList<>();
    embeddings.add(architecture.embeddings().token());
    architecture.embeddings().position().ifPresent(embeddings::add);
    architecture.embeddings().tokenType().ifPresent(embeddings::add);
    architecture.embeddings().norm().ifPresent(collector.norms::add);
    architecture.finalNorm().ifPresent(collector.norms::add);
    return new ModuleNames(
        List.copyOf(collector.linears),
        List.copyOf(collector.scores),
        architecture.head().linears(),
        embeddings,
        List.copyOf(collector.norms));
  }

  /** Linears in layers, towers and head. */
  Stream<Linear> everyLinear() {
    return Stream.of(linears, scores, heads).flatMap(List::stream);
  }

  /** Every path. */
  List<String> paths() {
    return Stream.of(
            everyLinear().map(Linear::name),
            embeddings.stream().map(Embedding::name),
            norms.stream().map(Norm::name))
        .flatMap(paths -> paths)
        .toList();
  }

  /** The last parts of the paths of all linears. */
  Set<String> linearNames() {
    Set<String> names = new TreeSet<>();
    everyLinear().forEach(linear -> names.add(linear.lastName()));
    return names;
  }

  /** The last parts of all paths. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    paths().forEach(path -> names.add(path.substring(path.lastIndexOf('.') + 1)));
    return names;
  }

  /** Walks the layers; equal modules of several layers are one. */
  private static final class Collector {

    private final Set<Linear> linears = new LinkedHashSet<>();
    private final Set<Linear> scores = new LinkedHashSet<>();
    private final Set<Norm> norms = new LinkedHashSet<>();

    void add(DecoderLayer layer) {
      linears.addAll(layer.mixer().linears());
      linears.addAll(layer.extras().linears());
      norms.addAll(layer.extras().norms());
      norms.addAll(layer.mixer().norms());
      Stream.of(layer.beforeMixer(), layer.afterMixer(), layer.beforeMlp(), layer.afterMlp())
          .forEach(norm -> norm.ifPresent(norms::add));
      add(layer.mlp());
    }

    private void add(Mlp mlp) {
      if (mlp instanceof GatedMlp gated) {
        linears.addAll(gated.linears());
      } else if (mlp instanceof PlainMlp plain) {
        linears.addAll(plain.linears());
      } else if (mlp instanceof MixtureOfExperts mixture) {
        add(mixture);
      }
    }

    private void add(MixtureOfExperts mixture) {
      scores.add(mixture.router());
      mixture.sharedGate().ifPresent(scores::add);
      mixture.shared().ifPresent(this::add);
      if (mixture.names().alwaysFused()) {
        return;
      }
      MixtureOfExperts.ExpertNames names = mixture.names();
      String path = names.block() + ".experts.0.";
      long hidden = mixture.hiddenSize();
      long inner = mixture.intermediateSize();
      if (mixture.gated()) {
        linears.add(new Linear(path + names.gate(), hidden, inner, mixture.expertBias()));
      }
      linears.add(new Linear(path + names.up(), hidden, inner, mixture.expertBias()));
      linears.add(new Linear(path + names.down(), inner, hidden, mixture.expertBias()));
    }
  }
}
