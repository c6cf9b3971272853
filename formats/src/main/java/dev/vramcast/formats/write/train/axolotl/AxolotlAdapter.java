package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import java.util.List;

/** What is trained, in Axolotl's keys. */
final class AxolotlAdapter {

  private AxolotlAdapter() {}

  static void put(Said said, Sheet sheet) {
    said.says(JobKey.METHOD);
    switch (said.job().method()) {
      case FULL -> Adapter.saysCheckpoint(said);
      case GALORE -> {
        sheet.put("optim_target_modules", List.of("self_attn", "mlp"));
        Adapter.saysCheckpoint(said);
      }
      case FREEZE -> throw said.refusal(JobKey.METHOD, "full, lora, qlora, dora, rslora, pissa");
      case LORA, QLORA, DORA, RSLORA, PISSA -> adapter(said, sheet);
    }
  }

  private static void adapter(Said said, Sheet sheet) {
    AdapterSettings settings = Adapter.settings(said);
    base(said, sheet);
    sheet.put("lora_r", settings.rank());
    sheet.put("lora_alpha", Adapter.wholeAlpha(said));
    sheet.put("lora_dropout", settings.dropout());
    said.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT, JobKey.LORA_MODULES_TO_SAVE);
    if (settings.allLinear()) {
      sheet.put("lora_target_linear", true);
    } else {
      sheet.put("lora_target_modules", settings.targets());
    }
    said.says(JobKey.LORA_TARGETS);
    if (!settings.modulesToSave().isEmpty()) {
      sheet.put("lora_modules_to_save", settings.modulesToSave());
    }
    if (settings.dtype() == DataType.BF16 && said.effectiveAdapterDtype() == DataType.FP32) {
      sheet.put("peft_autocast_adapter_dtype", false);
      said.says(JobKey.LORA_DTYPE);
    }
    variant(said, sheet);
  }

  /** Adapter {@code lora} over four bits would leave the base as it is. */
  private static void base(Said said, Sheet sheet) {
    boolean fourBit = Adapter.isFourBit(said);
    sheet.put("adapter", fourBit ? "qlora" : "lora");
    if (fourBit) {
      sheet.put("load_in_4bit", true);
      if (said.job().quantization().scheme() == QuantizationScheme.FP4) {
        sheet.put("bnb_config_kwargs.bnb_4bit_quant_type", "fp4");
      }
      sheet.put(
          "bnb_config_kwargs.bnb_4bit_use_double_quant", said.job().quantization().doubleQuant());
      said.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(said)) {
      sheet.put("load_in_8bit", true);
      said.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      if (said.job().quantization().scheme() == QuantizationScheme.GPTQ_INT4) {
        sheet.put("gptq", true);
      }
      Adapter.saysCheckpoint(said);
    }
  }

  private static void variant(Said said, Sheet sheet) {
    if (Adapter.is(said, Method.DORA)) {
      sheet.put("peft_use_dora", true);
    } else if (Adapter.is(said, Method.RSLORA)) {
      sheet.put("peft_use_rslora", true);
    } else if (Adapter.is(said, Method.PISSA)) {
      sheet.put("peft_init_lora_weights", "pissa");
    }
  }
}
