package dev.tunefit.spark;

import dev.tunefit.sweep.RowEstimator;
import dev.tunefit.sweep.RowSettings;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Whole tables of estimates on a Spark cluster, by the function of a local sweep. */
public final class TunefitSpark {

  /**
   * A column of jobs that says in messages which row is meant, as {@code jobs.parquet row 12};
   * without it all are called {@code row}.
   */
  public static final String ORIGIN = "_origin";

  private TunefitSpark() {}

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
   */
  public static Dataset<Row> estimate(Dataset<Row> jobs, RowSettings settings) {
    Broadcast<Estimators> estimators = broadcast(jobs.sparkSession(), settings);
    MapPartitionsFunction<Row, Row> estimate =
        rows -> estimated(rows, estimators.value().lend(TaskContext.get()));
    return jobs.mapPartitions(estimate, Encoders.row(Tables.SCHEMA));
  }

  private static Broadcast<Estimators> broadcast(SparkSession session, RowSettings settings) {
    return JavaSparkContext.fromSparkContext(session.sparkContext())
        .broadcast(new Estimators(settings));
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
        return Tables.row(estimator.estimate(values, origin));
      }
    };
  }
}
