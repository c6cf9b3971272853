package dev.vramcast.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The values of a Spark row by the paths of a job document. A column {@code model.id} and a field
 * {@code id} of a struct {@code model}, as Spark reads it from JSON, are the same.
 */
final class RowValues {

  private RowValues() {}

  /** Values that are there; nulls are left out. */
  static Map<String, Object> of(Row row) {
    Map<String, Object> values = new LinkedHashMap<>();
    collect("", row, values);
    return values;
  }

  private static void collect(String prefix, Row row, Map<String, Object> values) {
    StructType schema = row.schema();
    for (int i = 0; i < schema.length(); i++) {
      StructField field = schema.apply(i);
      String path = prefix + field.name();
      Object value = row.get(i);
      if (value instanceof Row struct) {
        collect(path + ".", struct, values);
      } else if (value != null) {
        values.put(path, plain(value));
      }
    }
  }

  private static Object plain(Object value) {
    if (value instanceof scala.collection.Seq<?> list) {
      List<?> items = CollectionConverters.asJava(list);
      return items.stream().map(RowValues::plain).toList();
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    return value instanceof Float number ? Double.valueOf(number.toString()) : value;
  }
}
