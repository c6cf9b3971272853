package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention of many heads to one key a token, which is its value, within a window, and to what a
 * compressor makes of all tokens (transformers DeepseekV4Attention).
 *
 * @param slidingWindow tokens of the window
 * @param compressor empty where a layer sees its window alone
 */
public record CompressedAttention(
    Heads heads,
    int slidingWindow,
    Query query,
    KeyValue keyValue,
    Output output,
    Optional<Compressor> compressor)
    implements TokenMixer {

  /**
   * Heads of queries.
   *
   * @param size features of each, as of a key
   * @param ropeSize the last of these, which are rotated, and turned back in the output
   * @param sinks one learned score a head
   */
  public record Heads(int count, int size, int ropeSize, ParameterTensor sinks) {}

  /**
   * How queries are made.
   *
   * @param pair to a low rank, and from there
   * @param between norm between the pair
   * @param ofHeads norm of each head, without a weight
   */
  public record Query(List<Linear> pair, Norm between, Norm ofHeads) {

    public Query {
      pair = List.copyOf(pair);
    }
  }

  /** How the key is made, which is the value. */
  public record KeyValue(Linear projection, Norm norm) {}

  /**
   * What is made of what was attended.
   *
   * @param grouped from the features of a group of heads to all groups' low-rank outputs, by a
   *     matrix of its own for each
   */
  public record Output(Linear grouped, Linear last) {}

  @Override
  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(query.pair());
    all.add(keyValue.projection());
    all.add(output.grouped());
    compressor.ifPresent(each -> all.addAll(each.linears()));
    all.add(output.last());
    return all;
  }

  @Override
  public List<Norm> norms() {
    List<Norm> all = new ArrayList<>(List.of(query.between(), query.ofHeads(), keyValue.norm()));
    compressor.ifPresent(each -> all.addAll(each.norms()));
    return all;
  }

  @Override
  public List<ParameterTensor> others() {
    List<ParameterTensor> all = new ArrayList<>(List.of(heads.sinks()));
    compressor.ifPresent(each -> all.addAll(each.others()));
    return all;
  }

  /** Keys that a query of a sequence of so many tokens may see, masked or not. */
  public long keys(long tokens) {
    return tokens + compressor.map(each -> each.windows(tokens)).orElse(0L);
  }
}
