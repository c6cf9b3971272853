package dev.vramcast.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of jobs in texts, as behind flags, a few of which cannot be estimated. */
final class Jobs {

  private static final StructType SCHEMA =
      new StructType()
          .add("model.id", DataTypes.StringType)
          .add("method", DataTypes.StringType)
          .add("batch.sequence_length", DataTypes.StringType)
          .add("hardware.gpu", DataTypes.StringType)
          .add("data.tokens", DataTypes.StringType);

  private static final List<String> MODELS = List.of("pythia-70m", "distilgpt2", "gpt2");
  private static final List<String> METHODS = List.of("full", "lora", "qlora");
  private static final List<String> GPUS = List.of("l4", "RTX 4090", "h100-sxm");

  private Jobs() {}

  /** Jobs that have no settings in common, so that each takes an estimate of its own. */
  static Dataset<Row> distinct(SparkSession spark, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String model = i % 97 == 0 ? "llama-9" : MODELS.get(i % MODELS.size());
      String method = METHODS.get(i / MODELS.size() % METHODS.size());
      String gpu = i % 89 == 0 ? "h1000" : GPUS.get(i % GPUS.size());
      String length = String.valueOf(i % 83 == 0 ? -i : 128 + i);
      rows.add(RowFactory.create(model, method, length, gpu, i % 2 == 0 ? "1e6" : null));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }
}
