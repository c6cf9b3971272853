package dev.vramcast.formats.write.train.llamafactory;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;

/** What is trained, in LLaMA-Factory's keys. */
final class LlamaFactoryAdapter {

  private static final String TYPE = "finetuning_type";

  private LlamaFactoryAdapter() {}

  static void put(Said said, Sheet sheet) {
    said.says(JobKey.METHOD);
    switch (said.job().method()) {
      case FULL -> whole(said, sheet, "full");
      case FREEZE -> {
        whole(said, sheet, "freeze");
        sheet.put("freeze_trainable_layers", said.job().trainableLayers());
      }
      case GALORE -> {
        whole(said, sheet, "full");
        int rank = said.job().optimizer().galoreRank();
        sheet.put("use_galore", true).put("galore_rank", rank);
        said.settles(JobKey.LORA_RANK, rank);
      }
      case LORA, QLORA, DORA, RSLORA, PISSA -> adapter(said, sheet);
    }
  }

  private static void whole(Said said, Sheet sheet, String type) {
    sheet.put(TYPE, type);
    Adapter.saysCheckpoint(said);
  }

  private static void adapter(Said said, Sheet sheet) {
    AdapterSettings settings = Adapter.settings(said);
    sheet.put(TYPE, "lora");
    base(said, sheet);
    sheet.put("lora_rank", settings.rank());
    sheet.put("lora_alpha", Adapter.wholeAlpha(said));
    sheet.put("lora_dropout", settings.dropout());
    sheet.put("lora_target", settings.allLinear() ? "all" : String.join(",", settings.targets()));
    said.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT, JobKey.LORA_TARGETS);
    if (!settings.modulesToSave().isEmpty()) {
      sheet.put("additional_target", String.join(",", settings.modulesToSave()));
    }
    said.says(JobKey.LORA_MODULES_TO_SAVE);
    if (Adapter.is(said, Method.DORA)) {
      sheet.put("use_dora", true);
    } else if (Adapter.is(said, Method.RSLORA)) {
      sheet.put("use_rslora", true);
    } else if (Adapter.is(said, Method.PISSA)) {
      sheet.put("pissa_init", true);
    }
  }

  private static void base(Said said, Sheet sheet) {
    QuantizationScheme scheme = said.job().quantization().scheme();
    if (Adapter.isFourBit(said)) {
      sheet.put("quantization_bit", 4).put("quantization_method", "bnb");
      sheet.put("quantization_type", scheme.label());
      sheet.put("double_quantization", said.job().quantization().doubleQuant());
      said.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(said)) {
      sheet.put("quantization_bit", 8).put("quantization_method", "bnb");
      said.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(said);
    }
  }
}
