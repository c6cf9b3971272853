package dev.vramcast.core.shard;

import static dev.vramcast.core.shard.Degrees.columns;
import static dev.vramcast.core.shard.Degrees.rows;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.NoMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;

/** One rank's heads. */
final class MixerSlice {

  private MixerSlice() {}

  static TokenMixer of(TokenMixer mixer, int degrees) {
    if (degrees == 1 || mixer instanceof NoMixer) {
      return mixer;
    }
    if (mixer instanceof Attention attention
        && attention.blocks().isEmpty()
        && !attention.differential()) {
      return attention(attention, degrees);
    }
    if (mixer instanceof LatentAttention latent) {
      return latent(latent, degrees);
    }
    boolean attends = mixer instanceof CompressedAttention || mixer instanceof Attention;
    throw Gap.value(JobKey.TENSOR, degrees)
        .and(attends ? " of attention to chosen keys" : " of layers that do not attend")
        .needs("which of their features are divided")
        .modelled(JobKey.TENSOR, " 1")
        .refusal();
  }

  private static Attention attention(Attention whole, int degrees) {
    return whole.toBuilder()
        .heads(Degrees.share(whole.heads(), degrees, JobKey.TENSOR, "attention heads"))
        .kvHeads(Degrees.share(whole.kvHeads(), degrees, JobKey.TENSOR, "key and value heads"))
        .qkv(columns(whole.qkv(), degrees))
        .gate(whole.gate().map(gate -> columns(gate, degrees)))
        .output(rows(whole.output(), degrees))
        .build();
  }

  /** The projections to low ranks stay whole, those from them are divided by heads. */
  private static LatentAttention latent(LatentAttention whole, int degrees) {
    List<Linear> query = new ArrayList<>(whole.query());
    query.add(columns(query.remove(query.size() - 1), degrees));
    return whole.toBuilder()
        .heads(Degrees.share(whole.heads(), degrees, JobKey.TENSOR, "attention heads"))
        .query(query)
        .keyValueUp(columns(whole.keyValueUp(), degrees))
        .output(rows(whole.output(), degrees))
        .build();
  }
}
