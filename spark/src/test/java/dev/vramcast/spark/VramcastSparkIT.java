package dev.vramcast.spark;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.PriceAge;
import dev.vramcast.sweep.RowSettings;
import dev.vramcast.sweep.RowSettings.PriceText;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The library over tables in this process. */
class VramcastSparkIT {

  private static final String JOB =
      """
      {"model": {"id": "gpt2"}, "method": "full", "batch": {"sequence_length": 512},
       "hardware": {"gpu": "l4"}, "lora": {"targets": null}}
      """;

  private static final String DAY = "2026-11-01";

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = Local.session();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @Test
  void the_table_has_the_columns_of_a_local_sweep() {
    Dataset<Row> table = VramcastSpark.estimate(Jobs.distinct(spark, 1), RowSettings.usual());

    assertThat(table.columns())
        .containsExactly(Column.all().stream().map(Column::label).toArray(String[]::new));
    assertThat(table.schema()).isEqualTo(VramcastSpark.schema());
  }

  @Test
  void a_job_may_stand_in_structs_as_spark_reads_them_from_json() {
    Row row = only(json(JOB), RowSettings.usual());

    assertThat(row.<String>getAs("model")).isEqualTo("gpt2");
    assertThat(row.<Long>getAs("sequence_length")).isEqualTo(512);
    assertThat(row.<String>getAs("verdict")).isEqualTo("fits");
    assertThat(row.<String>getAs("error")).isNull();
  }

  @Test
  void lists_are_read_as_lists() {
    String job =
        """
        {"model": {"id": "gpt2"}, "method": "lora", "hardware": {"gpu": "l4"},
         "lora": {"targets": ["c_attn", "c_proj"]}}
        """;

    assertThat(only(json(job), RowSettings.usual()).<String>getAs("other_settings"))
        .isEqualTo("profile=recommended; lora.targets=c_attn,c_proj");
  }

  @Test
  void a_row_that_cannot_be_read_comes_back_with_its_error() {
    Dataset<Row> jobs = json(JOB, JOB.replace("512", "-1"), JOB.replace("gpt2", "gpt-3"));
    List<Row> rows = VramcastSpark.estimate(jobs, RowSettings.usual()).collectAsList();

    assertThat(rows)
        .extracting(row -> row.<String>getAs("error"))
        .satisfiesExactly(
            first -> assertThat(first).isNull(),
            second -> assertThat(second).contains("batch.sequence_length", "-1"),
            third -> assertThat(third).contains("gpt-3"));
  }

  @Test
  void prices_come_from_the_lists_that_are_broadcast() {
    String list = "gpu,on_demand_usd_per_hour\nL4,0.25\n";
    PriceText mine = new PriceText("mine.csv", list, DAY);
    RowSettings settings = new RowSettings(List.of(mine), Map.of(), Purchase.ON_DEMAND);

    assertThat(only(json(JOB), settings).<Double>getAs("usd_per_hour")).isEqualTo(0.25);
  }

  @Test
  void an_unknown_column_is_refused_before_anything_is_estimated() {
    Dataset<Row> jobs = json("{'metod': 'full'}".replace('\'', '"'));

    assertThatThrownBy(() -> VramcastSpark.estimate(jobs, RowSettings.usual()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown column 'metod'")
        .hasMessageEndingWith("Did you mean 'method'?");
  }

  @Test
  void a_spec_brings_the_price_lists_that_it_names() {
    String spec =
        """
        model: {id: gpt2}
        method: [full, lora]
        gpus: [l4]
        offers: {lists: [mine.csv], rows: cheapest}
        """;
    PriceText mine = new PriceText("mine.csv", "gpu,on_demand_usd_per_hour\nL4,0.25\n", DAY);
    SpecText text =
        SpecText.of(
            "sweep.yaml", spec, name -> name.equals("mine.csv") ? mine : null, PriceAge.ANY);

    assertThat(VramcastSpark.sweep(spark, text, 1).collectAsList())
        .extracting(row -> row.<String>getAs("method"), row -> row.<Double>getAs("usd_per_hour"))
        .containsExactly(tuple("full", 0.25), tuple("lora", 0.25));
  }

  @Test
  void grouped_jobs_are_sorted_by_settings_and_only_then_by_card() {
    Dataset<Row> jobs =
        Jobs.distinct(spark, 60)
            .select("`hardware.gpu`", "method", "`model.id`")
            .withColumn(VramcastSpark.ORIGIN, lit("row"));
    Dataset<Row> grouped = Grouping.into(3, jobs);

    assertThat(grouped.javaRDD().getNumPartitions()).isEqualTo(3);
    List<String> settings =
        grouped.collectAsList().stream().map(row -> row.getString(1) + row.getString(2)).toList();
    assertThat(settings).hasSize(60).isSorted();
  }

  private static Dataset<Row> json(String... jobs) {
    List<String> lines = List.of(jobs).stream().map(job -> job.replace('\n', ' ')).toList();
    return spark.read().json(spark.createDataset(lines, Encoders.STRING()).coalesce(1));
  }

  private static Row only(Dataset<Row> jobs, RowSettings settings) {
    List<Row> rows = VramcastSpark.estimate(jobs, settings).collectAsList();
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }
}
