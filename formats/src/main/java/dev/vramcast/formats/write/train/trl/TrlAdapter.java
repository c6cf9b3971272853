package dev.vramcast.formats.write.train.trl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.TrainerWords;

/** What is trained, in the keys of TRL's ModelConfig. */
final class TrlAdapter {

  private TrlAdapter() {}

  static void put(Said said, Sheet sheet) {
    switch (said.job().method()) {
      case FULL, GALORE -> {
        said.says(JobKey.METHOD);
        Adapter.saysCheckpoint(said);
      }
      case FREEZE -> throw said.refusal(JobKey.METHOD, "full, lora, qlora, dora, rslora, galore");
      case PISSA -> {
        said.settles(JobKey.METHOD, Method.LORA);
        adapter(said, sheet);
      }
      case LORA, QLORA, DORA, RSLORA -> {
        said.says(JobKey.METHOD);
        adapter(said, sheet);
      }
    }
  }

  private static void adapter(Said said, Sheet sheet) {
    AdapterSettings settings = Adapter.settings(said);
    sheet.put("use_peft", true);
    base(said, sheet);
    sheet.put("lora_r", settings.rank());
    sheet.put("lora_alpha", Adapter.wholeAlpha(said));
    sheet.put("lora_dropout", settings.dropout());
    sheet.put(
        "lora_target_modules",
        settings.allLinear() ? AdapterSettings.ALL_LINEAR : settings.targets());
    said.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT, JobKey.LORA_TARGETS);
    if (!settings.modulesToSave().isEmpty()) {
      sheet.put("lora_modules_to_save", settings.modulesToSave());
    }
    said.says(JobKey.LORA_MODULES_TO_SAVE);
    if (Adapter.is(said, Method.DORA)) {
      sheet.put("use_dora", true);
    } else if (Adapter.is(said, Method.RSLORA)) {
      sheet.put("use_rslora", true);
    }
  }

  private static void base(Said said, Sheet sheet) {
    if (Adapter.isFourBit(said)) {
      QuantizationScheme scheme = said.job().quantization().scheme();
      sheet.put("load_in_4bit", true).put("bnb_4bit_quant_type", scheme.label());
      sheet.put("use_bnb_nested_quant", said.job().quantization().doubleQuant());
      Strategy strategy = said.job().parallelism().strategy();
      if (strategy == Strategy.FSDP1 || strategy == Strategy.FSDP2) {
        // FSDP divides only what is stored in the dtype of the other weights.
        sheet.put("bnb_4bit_quant_storage", TrainerWords.dtype(said.job().weightDtype()));
      }
      said.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(said)) {
      sheet.put("load_in_8bit", true);
      said.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(said);
    }
  }
}
