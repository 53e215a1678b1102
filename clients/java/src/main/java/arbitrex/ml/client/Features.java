package arbitrex.ml.client;

import arbitrex.ml.v1.FeatureSeries;
import java.util.LinkedHashMap;
import java.util.Map;

/** Series of a window, or appended bars, as the messages hold them. */
public final class Features {
  private Features() {}

  /**
   * Series by feature name.
   *
   * @param series values by feature name, oldest bar first, all of equal length
   */
  public static Map<String, FeatureSeries> of(Map<String, double[]> series) {
    Map<String, FeatureSeries> features = new LinkedHashMap<>();
    series.forEach((name, values) -> features.put(name, ofValues(values)));
    return features;
  }

  static FeatureSeries ofValues(double... values) {
    FeatureSeries.Builder builder = FeatureSeries.newBuilder();
    for (double value : values) builder.addValues(value);
    return builder.build();
  }
}
