package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.TrainerWords;

/** What is trained, in ms-swift's arguments. */
final class SwiftAdapter {

  private SwiftAdapter() {}

  static void put(Said said, Sheet sheet) {
    said.says(JobKey.METHOD);
    switch (said.job().method()) {
      case FULL -> {
        sheet.put("tuner_type", "full");
        Adapter.saysCheckpoint(said);
      }
      case FREEZE, GALORE ->
          throw said.refusal(JobKey.METHOD, "full, lora, qlora, dora, rslora, pissa");
      case LORA, QLORA, DORA, RSLORA, PISSA -> adapter(said, sheet);
    }
  }

  private static void adapter(Said said, Sheet sheet) {
    AdapterSettings settings = Adapter.settings(said);
    sheet.put("tuner_type", "lora");
    base(said, sheet);
    sheet.put("lora_rank", settings.rank());
    sheet.put("lora_alpha", settings.alpha());
    sheet.put("lora_dropout", settings.dropout());
    sheet.put("target_modules", settings.targets());
    said.says(JobKey.LORA_RANK, JobKey.LORA_ALPHA, JobKey.LORA_DROPOUT, JobKey.LORA_TARGETS);
    if (!settings.modulesToSave().isEmpty()) {
      sheet.put("modules_to_save", settings.modulesToSave());
    }
    said.says(JobKey.LORA_MODULES_TO_SAVE);
    if (settings.dtype() != DataType.FP32) {
      sheet.put("lora_dtype", TrainerWords.dtype(settings.dtype()));
      said.says(JobKey.LORA_DTYPE);
    }
    if (Adapter.is(said, Method.DORA)) {
      sheet.put("use_dora", true);
    } else if (Adapter.is(said, Method.RSLORA)) {
      sheet.put("use_rslora", true);
    } else if (Adapter.is(said, Method.PISSA)) {
      sheet.put("init_weights", "pissa");
    }
  }

  private static void base(Said said, Sheet sheet) {
    QuantizationScheme scheme = said.job().quantization().scheme();
    if (Adapter.isFourBit(said)) {
      sheet.put("quant_method", "bnb").put("quant_bits", 4);
      sheet.put("bnb_4bit_quant_type", scheme.label());
      sheet.put("bnb_4bit_use_double_quant", said.job().quantization().doubleQuant());
      said.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(said)) {
      sheet.put("quant_method", "bnb").put("quant_bits", 8);
      said.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(said);
    }
  }
}
