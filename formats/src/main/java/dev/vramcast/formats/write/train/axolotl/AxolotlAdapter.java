package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.List;

/** What is trained, in Axolotl's keys. */
final class AxolotlAdapter {

  private AxolotlAdapter() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    coverage.says(JobKey.METHOD);
    switch (coverage.job().method()) {
      case FULL -> Adapter.saysCheckpoint(coverage);
      case GALORE -> {
        output.put("optim_target_modules", List.of("self_attn", "mlp"));
        Adapter.saysCheckpoint(coverage);
      }
      case FREEZE, OFT, IA3, VERA, LOHA, LOKR, MISS ->
          throw coverage.refusal(JobKey.METHOD, "full, lora, qlora, dora, rslora, pissa");
      case LORA, QLORA, DORA, RSLORA, PISSA -> adapter(coverage, output);
    }
  }

  private static void adapter(JobCoverage coverage, OutputKeys output) {
    AdapterSettings settings = Adapter.settings(coverage);
    base(coverage, output);
    output.put("lora_r", settings.rank());
    output.put("lora_alpha", Adapter.wholeAlpha(coverage));
    output.put("lora_dropout", settings.dropout());
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT);
    if (settings.allLinear() && coverage.job().quantization().experts()) {
      throw coverage.refusal(JobKey.LORA_TARGETS, "names, with model.quantization.experts");
    }
    if (settings.allLinear()) {
      output.put("lora_target_linear", true);
    } else if (!settings.targets().isEmpty()) {
      output.put("lora_target_modules", settings.targets());
    }
    coverage.says(JobKey.LORA_TARGETS);
    Adapter.putParameters(coverage, output, "lora_target_parameters");
    Adapter.putModulesToSave(coverage, output, "lora_modules_to_save");
    if (settings.dtype() == DataType.BF16 && coverage.effectiveAdapterDtype() == DataType.FP32) {
      output.put("peft_autocast_adapter_dtype", false);
      coverage.says(JobKey.LORA_DTYPE);
    }
    variant(coverage, output);
  }

  /** Adapter {@code lora} over four bits would leave the base as it is. */
  private static void base(JobCoverage coverage, OutputKeys output) {
    boolean fourBit = Adapter.isFourBit(coverage);
    output.put("adapter", fourBit ? "qlora" : "lora");
    if (fourBit) {
      output.put("load_in_4bit", true);
      if (coverage.job().quantization().scheme() == QuantizationScheme.FP4) {
        output.put("bnb_config_kwargs.bnb_4bit_quant_type", "fp4");
      }
      output.put(
          "bnb_config_kwargs.bnb_4bit_use_double_quant",
          coverage.job().quantization().doubleQuant());
      coverage.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
      if (coverage.job().quantization().experts()) {
        output.put("quantize_moe_experts", true);
        coverage.says(JobKey.QUANTIZED_EXPERTS);
      }
    } else if (Adapter.isEightBit(coverage)) {
      output.put("load_in_8bit", true);
      coverage.says(JobKey.QUANTIZATION_SCHEME);
    } else if (coverage.job().quantization().scheme() == QuantizationScheme.NVFP4) {
      if (coverage.job().quantization().readsPacked()) {
        output.put("use_scattermoe", true).put("dsv4_fp4_grouped_mode", "nvfp4");
      } else {
        output.put("use_sonicmoe", true).put("nvfp4_merge_aware", true);
      }
      coverage.says(
          JobKey.QUANTIZATION_SCHEME, JobKey.QUANTIZATION_IMPLEMENTATION, JobKey.QUANTIZED_EXPERTS);
    } else {
      if (coverage.job().quantization().scheme() == QuantizationScheme.GPTQ_INT4) {
        output.put("gptq", true);
      }
      Adapter.saysCheckpoint(coverage);
    }
  }

  private static void variant(JobCoverage coverage, OutputKeys output) {
    if (Adapter.is(coverage, Method.DORA)) {
      output.put("peft_use_dora", true);
    } else if (Adapter.is(coverage, Method.RSLORA)) {
      output.put("peft_use_rslora", true);
    } else if (Adapter.is(coverage, Method.PISSA)) {
      output.put("peft_init_lora_weights", "pissa");
    }
  }
}
