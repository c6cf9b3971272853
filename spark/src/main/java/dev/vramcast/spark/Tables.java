package dev.vramcast.spark;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.SweepResult;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of a sweep in Spark's terms. */
final class Tables {

  /** A field for each {@link Column}, all nullable. */
  static final StructType SCHEMA = schema();

  private Tables() {}

  static Row row(SweepResult result) {
    return RowFactory.create(result.values());
  }

  private static StructType schema() {
    StructType schema = new StructType();
    for (Column column : Column.all()) {
      schema = schema.add(column.label(), type(column), true);
    }
    return schema;
  }

  private static DataType type(Column column) {
    return switch (column.type()) {
      case TEXT -> DataTypes.StringType;
      case WHOLE -> DataTypes.LongType;
      case DECIMAL -> DataTypes.DoubleType;
    };
  }
}
