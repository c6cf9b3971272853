package dev.vramcast.core.time.work;

import java.util.Map;

/**
 * What a model asks of a GPU for one token of a sequence.
 *
 * @param layers decoder layers
 * @param hidden features of the residual stream
 * @param attention sum over layers of the tokens a query is held against, times the features of all
 *     query heads; twice the mean number of tokens, so that without a window it is the sequence
 * @param queries sum over layers of the features of all query heads
 * @param keys sum over layers of the features of keys and values
 * @param activations sum over layers of the features of the two large activations
 * @param shapes of products and attention
 */
public record ModelWork(
    int layers,
    double hidden,
    Weights weights,
    double attention,
    double queries,
    double keys,
    double activations,
    Shapes shapes) {

  /**
   * Weights of projections.
   *
   * @param linear of the layers, those that one token visits
   * @param stored of the layers, all experts included
   * @param experts of {@code stored}, those of routed experts
   * @param head of those behind the layers
   */
  public record Weights(double linear, double stored, double experts, double head) {}

  /**
   * What kernels take beside the operations that are counted.
   *
   * @param heads of queries, of all layers
   * @param operands features that the products of a token read and write, routed experts apart
   * @param products of matrices, those of all experts of a layer as one
   * @param matrices weights that every product of the layers reads, routed experts apart
   * @param routed what goes to experts
   */
  public record Shapes(
      double heads, double operands, double products, double matrices, Routed routed) {

    /** Of which nothing is known, so that they take nothing. */
    public static final Shapes NONE = new Shapes(0, 0, 0, 0, new Routed(0, 0));
  }

  /**
   * What of a token goes to the experts that it visits, of all layers.
   *
   * @param hidden features that experts are sent
   * @param inner features inside them
   */
  public record Routed(double hidden, double inner) {}

  /** Weights of the layers that one token visits. */
  public double linear() {
    return weights.linear();
  }

  /** Weights of the layers, all experts included. */
  public double stored() {
    return weights.stored();
  }

  /** Of {@link #stored}, the weights of routed experts. */
  public double experts() {
    return weights.experts();
  }

  /** Weights behind the layers. */
  public double head() {
    return weights.head();
  }

  /**
   * The work of a token that attends causally.
   *
   * @param sequence tokens
   */
  public static ModelWork of(ModelProfile model, long sequence) {
    double attention = 0;
    for (Map.Entry<Integer, Double> each : model.attention().entrySet()) {
      attention += each.getValue() * attended(each.getKey(), sequence);
    }
    return new ModelWork(
        model.layers(),
        model.hidden(),
        new Weights(
            model.weights().linear(),
            model.weights().stored(),
            model.weights().experts(),
            model.weights().head()),
        attention,
        sum(model.attention()),
        sum(model.kept()),
        model.activations(),
        model.shapes());
  }

  /** Of {@link #linear}, the weights of routed experts. */
  public double activeExperts() {
    return linear() - (stored() - experts());
  }

  public boolean isMixtureOfExperts() {
    return experts() > 0;
  }

  private static double sum(Map<?, Double> features) {
    return features.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Twice the mean number of tokens that a query of a sequence sees within its window. */
  private static double attended(int window, long sequence) {
    return window > 0 && window < sequence
        ? 2.0 * window - (double) window * window / sequence
        : sequence;
  }
}
