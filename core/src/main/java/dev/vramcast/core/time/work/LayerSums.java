package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.Compressor;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.CrossBlock;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sums over the layers of a model. */
final class LayerSums {

  private double linear;
  private double stored;
  private double experts;
  private double mixtures;
  private double routed;
  private double mlps;
  private double inner;
  private double heads;
  private double operands;
  private double products;
  private double sent;
  private double visited;

  /** Features of query heads by window, 0 for none. */
  private final Map<Integer, Double> attention = new HashMap<>();

  /** Elements of keys and values that a token leaves. */
  private final Map<KeyValueHeads, Double> kept = new HashMap<>();

  void add(DecoderLayer layer, int times) {
    double beside = weights(layer.mixer().linears()) + weights(layer.extras().linears());
    linear += times * (beside - ofStates(layer));
    stored += times * beside;
    multiply(layer.mixer().linears(), times);
    multiply(layer.extras().linears(), times);
    add(layer.mixer(), times);
    add(layer.mlp(), times);
  }

  private void add(Mlp mlp, int times) {
    if (mlp instanceof GatedMlp gated) {
      dense(weights(gated.linears()), gated.intermediateSize(), times);
      multiply(gated.linears(), times);
    } else if (mlp instanceof PlainMlp plain) {
      dense(weights(plain.linears()), plain.up().out(), times);
      multiply(plain.linears(), times);
    } else if (mlp instanceof MixtureOfExperts moe) {
      dense(moe.router().weightCount(), 0, times);
      moe.shared().ifPresent(shared -> add(shared, times));
      double expert = moe.expertParameterCount();
      linear += times * moe.topK() * expert;
      stored += times * moe.experts() * expert;
      experts += times * moe.experts() * expert;
      mixtures += times;
      routed += (double) times * moe.experts();
      inner += (double) times * moe.topK() * moe.intermediateSize();
      products += times * (moe.gated() ? 3.0 : 2.0);
      sent += (double) times * moe.topK() * moe.hiddenSize();
      visited += (double) times * moe.topK() * moe.intermediateSize();
    }
  }

  private void multiply(List<Linear> linears, int times) {
    for (Linear each : linears) {
      operands += (double) times * (each.in() + each.out());
      products += times;
    }
  }

  private void dense(double weights, double features, int times) {
    mlps += times * weights;
    linear += times * weights;
    stored += times * weights;
    inner += times * features;
  }

  /** Recurrent mixers have no quadratic part; their scans are left to the memory-bound time. */
  private void add(TokenMixer mixer, int times) {
    if (mixer instanceof Attention each) {
      double both = (double) each.headSize() + each.valueSize();
      heads += (double) times * each.heads();
      double softmaxes = each.differential() ? 2 : 1;
      attention.merge(
          each.slidingWindow(), softmaxes * times * each.heads() * both / 2, Double::sum);
      double keys = each.kvHeads() * both;
      keep(each.slidingWindow(), each.kvHeads(), times * keys);
      each.blocks()
          .ifPresent(
              choice -> {
                double features = (double) choice.heads() * choice.headSize();
                attention.merge(0, times * features / 2, Double::sum);
                keep(0, 1, (double) times * choice.headSize());
              });
      each.distances().ifPresent(rows -> linear += times * ofDistances(each, rows.rows()));
    } else if (mixer instanceof PatchAttention patches) {
      double width = (double) patches.heads() * patches.headSize();
      attention.merge(patches.window(), times * width, Double::sum);
    } else if (mixer instanceof LatentAttention latent) {
      double key = latent.nopeSize() + latent.ropeSize();
      double width = latent.heads() * (key + latent.valueSize()) / 2;
      heads += (double) times * latent.heads();
      attention.merge(0, times * width, Double::sum);
      keep(0, 1, times * ((double) latent.keyValueRank() + latent.ropeSize()));
    } else if (mixer instanceof CompressedAttention compressed) {
      compressed(compressed, times);
    } else if (mixer instanceof ParallelMixers parallel) {
      parallel.mixers().forEach(each -> add(each, times));
    }
  }

  /** A window, and of all tokens before it one key of so many. */
  private void compressed(CompressedAttention each, int times) {
    double width = (double) each.heads().count() * each.heads().size();
    attention.merge(each.slidingWindow(), times * width, Double::sum);
    keep(each.slidingWindow(), 1, (double) times * each.heads().size());
    each.compressor()
        .ifPresent(
            part -> {
              attention.merge(0, times * width / part.rate(), Double::sum);
              keep(0, 1, (double) times * part.headSize() / part.rate());
              part.choice().ifPresent(choice -> chosen(choice, times));
            });
  }

  private void chosen(Compressor.Choice choice, int times) {
    double size = choice.compressor().headSize();
    double keys = (double) times / choice.compressor().rate();
    attention.merge(0, keys * choice.heads() * size / 2, Double::sum);
    keep(0, 1, keys * size);
  }

  private void keep(int window, int heads, double elements) {
    kept.merge(new KeyValueHeads(window, heads), elements, Double::sum);
  }

  /** Each query and each key is multiplied with all rows, as with weights. */
  private static double ofDistances(Attention attention, long rows) {
    return 2.0 * attention.heads() * attention.headSize() * rows;
  }

  /** Weights that no token of the text visits, but states of images do. */
  private static double ofStates(DecoderLayer layer) {
    return looking(layer).map(cross -> weights(cross.ofStates())).orElse(0.0);
  }

  /** The attention of a layer to what an encoder has made; empty where it has none. */
  static Optional<CrossAttention> looking(DecoderLayer layer) {
    return layer.mixer() instanceof CrossAttention cross
        ? Optional.of(cross)
        : layer.extras().cross().map(CrossBlock::attention);
  }

  static double weights(List<Linear> linears) {
    return linears.stream().mapToDouble(Linear::weightCount).sum();
  }

  double linear() {
    return linear;
  }

  double stored() {
    return stored;
  }

  double experts() {
    return experts;
  }

  /** Layers with routed experts. */
  double mixtures() {
    return mixtures;
  }

  /** Routed experts of all layers. */
  double routed() {
    return routed;
  }

  /** Of {@link #linear}, weights of MLPs that are no experts. */
  double mlps() {
    return mlps;
  }

  /** Features inside the MLPs that a token visits. */
  double inner() {
    return inner;
  }

  /** What kernels see of all layers. */
  ModelWork.Shapes shapes() {
    ModelWork.Routed routed = new ModelWork.Routed(sent, visited);
    return new ModelWork.Shapes(heads, operands, products, stored - experts, routed);
  }

  Map<Integer, Double> attention() {
    return attention;
  }

  Map<KeyValueHeads, Double> kept() {
    return kept;
  }
}
