package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Multi-head latent attention (DeepSeek V2 and V3): keys and values come from one low-rank vector.
 *
 * @param query the plain projection, or the low-rank pair {@code q_a_proj}, {@code q_b_proj}
 * @param queryNorm between the pair
 * @param keyValueDown {@code kv_a_proj_with_mqa}: latent and rotary key together
 * @param nopeSize features of a query or key head without rotary
 * @param ropeSize features with rotary
 * @param valueSize features of a value head
 */
public record LatentAttention(
    int heads,
    int nopeSize,
    int ropeSize,
    int valueSize,
    int keyValueRank,
    List<Linear> query,
    Optional<Norm> queryNorm,
    Linear keyValueDown,
    Norm keyValueNorm,
    Linear keyValueUp,
    Linear output)
    implements TokenMixer {

  public LatentAttention {
    query = List.copyOf(query);
  }

  @Override
  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(query);
    all.add(keyValueDown);
    all.add(keyValueUp);
    all.add(output);
    return all;
  }

  @Override
  public List<Norm> norms() {
    List<Norm> all = new ArrayList<>();
    queryNorm.ifPresent(all::add);
    all.add(keyValueNorm);
    return all;
  }

  @Override
  public List<ParameterTensor> others() {
    return List.of();
  }
}
