package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Multi-head attention with {@code kvHeads} key and value heads (grouped-query when fewer than
 * {@code heads}).
 *
 * @param qkv three projections, or one that yields all three ({@link #fusedQkv()}); query and key
 *     alone when values are the keys, query alone when another layer's keys are used (Gemma 4)
 * @param queryNorm over a head's features or over all of them, by its size
 * @param outputGate the query projection yields a gate for the output beside the query (Qwen3-Next)
 * @param slidingWindow tokens each query sees, 0 for all
 * @param logitSoftcap cap of the scores, 0 for none
 * @param sinks one learned score a head joins the softmax (gpt-oss)
 * @param dropout probability on the attention weights
 */
public record Attention(
    int heads,
    int kvHeads,
    int headSize,
    List<Linear> qkv,
    Linear output,
    Optional<Norm> queryNorm,
    Optional<Norm> keyNorm,
    boolean outputGate,
    Rotary rotary,
    int slidingWindow,
    double logitSoftcap,
    boolean sinks,
    double dropout)
    implements TokenMixer {

  public Attention {
    qkv = List.copyOf(qkv);
  }

  /** True when one projection yields query, key and value together. */
  public boolean fusedQkv() {
    return qkv.size() == 1 && qkv.get(0).out() > (long) heads * headSize;
  }

  @Override
  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(qkv);
    all.add(output);
    return all;
  }

  @Override
  public List<Norm> norms() {
    List<Norm> all = new ArrayList<>();
    queryNorm.ifPresent(all::add);
    keyNorm.ifPresent(all::add);
    return all;
  }

  @Override
  public List<ParameterTensor> others() {
    return sinks
        ? List.of(
            new ParameterTensor("self_attn.sinks", List.of((long) heads), TensorGroup.ATTENTION))
        : List.of();
  }
}
