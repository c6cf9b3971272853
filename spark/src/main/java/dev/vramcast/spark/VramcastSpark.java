package dev.vramcast.spark;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.spark.BroadcastPool.Opening;
import dev.vramcast.sweep.ProductRows;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSettings;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Whole tables of estimates on a Spark cluster, by the function of a local sweep. A session in
 * which {@code spark.sql.codegen.hugeMethodLimit} is 8000 fills them several times as fast.
 */
public final class VramcastSpark {

  /**
   * A column of jobs that says in messages which row is meant, as {@code jobs.parquet row 12};
   * without it all are called {@code row}.
   */
  public static final String ORIGIN = "_origin";

  /**
   * Of Spark's SQLConf: the bytes of a generated method beyond which an operator is taken out of
   * whole-stage code. Spark's default is what the class file format allows; that for a row of so
   * many columns is between the two, so that HotSpot would interpret it for each row.
   */
  static final String HUGE_METHOD = "spark.sql.codegen.hugeMethodLimit";

  /** The longest method that HotSpot compiles: {@code HugeMethodLimit} in its globals.hpp. */
  static final String COMPILED = "8000";

  private VramcastSpark() {}

  /** The columns of every table that is made here: those of a local sweep, all nullable. */
  public static StructType schema() {
    return Tables.SCHEMA;
  }

  /**
   * One row of figures for each job. A row that cannot be estimated comes back with its error.
   *
   * <p>Rows of a partition that follow each other and have model and settings in common share one
   * estimate, so that partitions are best sorted by them.
   *
   * @param jobs columns are keys of the job document, as {@code model.id}, flat or in structs, and
   *     those of a price
   * @param settings models and prices; broadcast once
   * @throws InputException when a column is unknown
   */
  public static Dataset<Row> estimate(Dataset<Row> jobs, RowSettings settings) {
    refuseUnknown(jobs.schema());
    Broadcast<BroadcastPool<RowEstimator>> estimators =
        broadcast(jobs.sparkSession(), () -> RowEstimator.open(settings));
    MapPartitionsFunction<Row, Row> estimate = rows -> estimated(rows, estimators.value().lend());
    return jobs.mapPartitions(estimate, Encoders.row(Tables.SCHEMA));
  }

  /**
   * A row of figures for each combination of a spec, expanded where it is estimated.
   *
   * @param spec broadcast once
   * @param partitions into how many the rows are cut; in each, and from one to the next, they are
   *     in the order of a local sweep
   * @throws InputException when the spec cannot be used
   */
  public static Dataset<Row> sweep(SparkSession session, SpecText spec, int partitions) {
    RowPartitions split = RowPartitions.of(spec.product(), partitions);
    Broadcast<BroadcastPool<ProductRows>> products = broadcast(session, spec::rows);
    FlatMapFunction<Long, Row> expand =
        partition -> new RangeRows(products.value().lend(), split, partition.intValue());
    return session
        .range(0, split.partitions(), 1, split.partitions())
        .as(Encoders.LONG())
        .flatMap(expand, Encoders.row(Tables.SCHEMA));
  }

  private static void refuseUnknown(StructType jobs) {
    for (StructField field : jobs.fields()) {
      if (!(field.dataType() instanceof StructType) && !field.name().equals(ORIGIN)) {
        RowEstimator.checkColumn(field.name(), Place.of("jobs"));
      }
    }
  }

  private static <T> Broadcast<BroadcastPool<T>> broadcast(
      SparkSession session, Opening<T> opening) {
    return JavaSparkContext.fromSparkContext(session.sparkContext())
        .broadcast(new BroadcastPool<>(opening));
  }

  private static Iterator<Row> estimated(Iterator<Row> jobs, RowEstimator estimator) {
    return new Iterator<>() {

      @Override
      public boolean hasNext() {
        return jobs.hasNext();
      }

      @Override
      public Row next() {
        Map<String, Object> values = RowValues.of(jobs.next());
        String origin = values.remove(ORIGIN) instanceof String text ? text : "row";
        return Tables.row(estimator.estimate(values, Place.of(origin)));
      }
    };
  }
}
