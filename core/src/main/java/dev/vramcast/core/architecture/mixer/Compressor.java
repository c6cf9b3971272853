package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes one key, which is the value too, of so many tokens: a sum of theirs by a softmax over the
 * window (transformers DeepseekV4HCACompressor and DeepseekV4CSACompressor).
 *
 * @param path of the module below its layer
 * @param rate tokens of a window
 * @param headSize features of what is made
 * @param overlaps a sum reads the window before it too, by features of its own
 * @param keyValue what is summed
 * @param norm of the sum
 * @param choice which of what is made each query sees; empty for all
 */
public record Compressor(
    String path,
    int rate,
    int headSize,
    boolean overlaps,
    Linear keyValue,
    Scores scores,
    Norm norm,
    Optional<Choice> choice) {

  /**
   * Scores of the softmax.
   *
   * @param bias is added, one for each place in a window
   */
  public record Scores(Linear gate, ParameterTensor bias) {}

  /**
   * Scores what a compressor of its own makes, without a gradient (DeepseekV4Indexer).
   *
   * @param heads of its queries, which share one key
   * @param count of keys that a query takes
   * @param query from the low-rank query
   * @param weights one number a head, from the layer's input
   */
  public record Choice(Compressor compressor, int heads, long count, Linear query, Linear weights) {

    List<Linear> linears() {
      List<Linear> all = new ArrayList<>(compressor.linears());
      all.add(query);
      all.add(weights);
      return all;
    }
  }

  List<Linear> linears() {
    List<Linear> all = new ArrayList<>(List.of(keyValue, scores.gate()));
    choice.ifPresent(each -> all.addAll(each.linears()));
    return all;
  }

  List<Norm> norms() {
    List<Norm> all = new ArrayList<>(List.of(norm));
    choice.ifPresent(each -> all.addAll(each.compressor().norms()));
    return all;
  }

  List<ParameterTensor> others() {
    List<ParameterTensor> all = new ArrayList<>(List.of(scores.bias()));
    choice.ifPresent(each -> all.addAll(each.compressor().others()));
    return all;
  }

  /** Keys of a sequence of so many tokens. */
  public long windows(long tokens) {
    return tokens / rate;
  }
}
