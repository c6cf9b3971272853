package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Estimates for tests. */
public final class Estimates {

  private Estimates() {}

  /** A Llama of two layers, hidden size 1024, and a vocabulary of 8192. */
  public static Architecture llama(boolean tied) {
    return model("llama", Map.of("tie_word_embeddings", tied));
  }

  /** A model of the sizes of {@link #llama}, with other or more keys. */
  public static Architecture model(String type, Map<String, Object> keys) {
    return Families.read(new ModelConfig("config.json", config(type, keys)));
  }

  /** What {@link #model} is read from. */
  public static Map<String, Object> config(String type, Map<String, Object> keys) {
    Map<String, Object> values = new HashMap<>();
    values.put("model_type", type);
    values.put("vocab_size", 8192);
    values.put("hidden_size", 1024);
    values.put("intermediate_size", 2816);
    values.put("num_hidden_layers", 2);
    values.put("num_attention_heads", 8);
    values.put("num_key_value_heads", 2);
    values.put("max_position_embeddings", 2048);
    values.put("hidden_act", "silu");
    values.putAll(keys);
    return values;
  }

  /** A job from text such as {@code --method lora --rank 8}, 512 tokens unless they are given. */
  public static ResolvedJob job(String flags) {
    JobDocument usual = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    return JobResolver.resolve(Jobs.with(usual, flags)).job();
  }

  public static RankEstimate of(Architecture architecture, String flags) {
    return whole(architecture, flags).worst();
  }

  /** With what is assumed, and every kind of rank. */
  public static MemoryEstimate whole(Architecture architecture, String flags) {
    return MemoryEstimator.estimate(architecture, job(flags), Optional.empty());
  }
}
