package dev.vramcast.core.time;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.time.rate.MatmulType;
import java.util.HashMap;
import java.util.Map;

/** Models, cards and jobs for tests. */
public final class Times {

  private Times() {}

  /** Two layers of 11,272,192 weights, a head of 8,388,608, 8 heads of 128 features. */
  public static Architecture llama() {
    return model("llama", Map.of());
  }

  /** A model of the sizes of {@link #llama}, with other or more keys. */
  public static Architecture model(String type, Map<String, Object> keys) {
    Map<String, Object> values = new HashMap<>();
    values.put("model_type", type);
    values.put("vocab_size", 8192);
    values.put("hidden_size", 1024);
    values.put("intermediate_size", 2816);
    values.put("num_hidden_layers", 2);
    values.put("num_attention_heads", 8);
    values.put("num_key_value_heads", 2);
    values.put("max_position_embeddings", 131_072);
    values.put("hidden_act", "silu");
    values.put("tie_word_embeddings", false);
    values.putAll(keys);
    return Families.read(new ModelConfig("config.json", values));
  }

  /** 100 TFLOPS, 1,000 GB/s, and NVLink of 100 GB/s; no kind of card that runs are known of. */
  public static Gpu card() {
    return card("X1", "n/a", 100, 1000, "NVLink");
  }

  public static Gpu card(String name, String capability, double tera, double giga, String links) {
    Gpu plain = Cards.card(name, capability, new MemorySize(80 << 10, true, 80), links);
    return Cards.with(plain, Cards.rates(capability, giga, tera));
  }

  /** A consumer card. */
  public static Gpu desktop(String capability, double tera, double giga) {
    return Cards.with(card("a desktop's", capability, tera, giga, "PCIe"), GpuClass.CONSUMER);
  }

  /** A job from text such as {@code --method lora --rank 8}, 512 tokens unless they are given. */
  static Resolution resolve(String flags) {
    JobDocument usual = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    return JobResolver.resolve(Jobs.with(usual, flags));
  }

  public static ResolvedJob job(String flags) {
    return resolve(flags).job();
  }

  static TimeEstimate estimate(String flags) {
    return estimate(llama(), card(), flags);
  }

  static TimeEstimate estimate(Architecture architecture, Gpu gpu, String flags) {
    return TimeEstimator.estimate(architecture, job(flags), gpu, MatmulType.PRECISION);
  }

  static double speed(Architecture architecture, Gpu gpu, String flags) {
    return estimate(architecture, gpu, flags).tokensPerSecond();
  }
}
