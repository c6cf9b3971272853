package dev.vramcast.bench;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** Jobs that take long to estimate: deep models, and what makes traces long. */
public enum Job {
  /** NF4 with adapters and recomputation, the usual job on one card. */
  QLORA_CHECKPOINTED("llama-3.1-70b", "qlora", "full", "bf16"),
  /** Every tensor that autograd saves is on the trace. */
  LORA("llama-3.1-70b", "lora", "none", "bf16"),
  /** Autocast casts every weight. */
  FULL_AUTOCAST("llama-3.1-70b", "full", "none", "bf16-mixed"),
  /** 94 layers of 128 experts. */
  MIXTURE_QLORA("qwen3-235b-a22b", "qlora", "full", "bf16");

  private final String model;
  private final String method;
  private final String checkpointing;
  private final String precision;

  Job(String model, String method, String checkpointing, String precision) {
    this.model = model;
    this.method = method;
    this.checkpointing = checkpointing;
    this.precision = precision;
  }

  JobDocument document() {
    return JobDocument.empty()
        .withFlag(JobKey.MODEL_ID, model)
        .withFlag(JobKey.METHOD, method)
        .withFlag(JobKey.CHECKPOINTING, checkpointing)
        .withFlag(JobKey.PRECISION, precision)
        .withFlag(JobKey.SEQUENCE_LENGTH, "4096")
        .withFlag(JobKey.MICRO_BATCH, "2");
  }

  Architecture architecture() {
    return architecture(model);
  }

  /** A model of the catalogue. */
  static Architecture architecture(String name) {
    return Families.read(config(name));
  }

  /** The model with another number of equal layers. */
  Architecture architecture(int layers) {
    Map<String, Object> values = new LinkedHashMap<>(config(model).values());
    values.put("num_hidden_layers", layers);
    return Families.read(new ModelConfig(model, values));
  }

  private static ModelConfig config(String name) {
    return ModelCatalog.embedded().find(name).orElseThrow().config();
  }
}
