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
 * @param ropeSize last features of a head, which are rotated, and turned back in the output
 * @param slidingWindow tokens of the window
 * @param query the low-rank pair
 * @param queryNorm between the pair
 * @param headNorm of each query head, without a weight
 * @param groups of heads that {@code groupedOutput} projects each by a matrix of its own
 * @param groupedOutput from the features of a group to all groups' low-rank outputs
 * @param sinks one learned score a head
 * @param compressor empty where a layer sees its window alone
 */
public record CompressedAttention(
    int heads,
    int headSize,
    int ropeSize,
    int slidingWindow,
    List<Linear> query,
    Norm queryNorm,
    Norm headNorm,
    Linear keyValue,
    Norm keyValueNorm,
    int groups,
    Linear groupedOutput,
    Linear output,
    ParameterTensor sinks,
    Optional<Compressor> compressor)
    implements TokenMixer {

  public CompressedAttention {
    query = List.copyOf(query);
  }

  @Override
  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(query);
    all.add(keyValue);
    all.add(groupedOutput);
    compressor.ifPresent(each -> all.addAll(each.linears()));
    all.add(output);
    return all;
  }

  @Override
  public List<Norm> norms() {
    List<Norm> all = new ArrayList<>(List.of(queryNorm, headNorm, keyValueNorm));
    compressor.ifPresent(each -> all.addAll(each.norms()));
    return all;
  }

  @Override
  public List<ParameterTensor> others() {
    List<ParameterTensor> all = new ArrayList<>(List.of(sinks));
    compressor.ifPresent(each -> all.addAll(each.others()));
    return all;
  }

  /** Keys that a query of a sequence of so many tokens may see, masked or not. */
  public long keys(long tokens) {
    return tokens + compressor.map(each -> each.windows(tokens)).orElse(0L);
  }
}
