/** Outcome of an augmented Dickey–Fuller test. */
export interface UnitRootTest {
  /** The t-ratio of the lagged level; the more negative, the less like a random walk. 0 when the series has nothing to fit. */
  readonly statistic: number;
  /** Below it the statistic rejects a unit root at 5 %. */
  readonly criticalValue: number;
  readonly isStationary: boolean;
  /** Lagged differences in the regression. */
  readonly lagOrder: number;
  /** Rows of the regression. */
  readonly observations: number;
}

/** What rounding leaves of a column that depends linearly on the columns before it, squared and relative to the column. */
const dependentShareMax = 1e-20;

/**
 * Tests `series` for a unit root: Δxₜ is regressed on a constant, Δxₜ₋₁ … Δxₜ₋ₚ and xₜ₋₁. The order p is given rather than searched
 * for, since a search by an information criterion costs p regressions a bar and makes the statistic jump when the order does.
 *
 * The columns are made orthogonal one after the other (modified Gram–Schmidt), the level last, so that the t-ratio falls out of
 * what is left of the level and of Δx; forming the normal equations instead would square the condition number.
 *
 * @throws RangeError when the series is too short to leave a degree of freedom
 */
export function testUnitRoot(
  series: Float64Array,
  lagOrder: number = ruleOfThumbLagOrder(series.length),
): UnitRootTest {
  const observations = series.length - 1 - lagOrder;
  const degreesOfFreedom = observations - lagOrder - 2;
  if (degreesOfFreedom < 1) throw new RangeError(`${series.length} values are too few for ${lagOrder} lags`);
  const differences = series.slice(1).map((value, index) => value - (series[index] ?? Number.NaN));
  const target = differences.slice(lagOrder);
  const level = series.slice(lagOrder, -1);
  const levelSize = dot(level, level);
  const targetSize = dot(target, target);
  const remaining = [level, target];
  const constant = new Float64Array(observations).fill(1);
  const lags = Array.from({ length: lagOrder }, (_, lag) => differences.slice(lagOrder - 1 - lag, -1 - lag));
  projectOut(constant, [...lags, ...remaining]);
  for (const [index, lag] of lags.entries()) projectOut(lag, [...lags.slice(index + 1), ...remaining]);
  const criticalValue = criticalValueAt(observations);
  const isDegenerate =
    dot(level, level) <= dependentShareMax * levelSize || dot(target, target) <= dependentShareMax * targetSize;
  const statistic = isDegenerate ? 0 : tRatio(target, level, degreesOfFreedom);
  return { statistic, criticalValue, isStationary: statistic < criticalValue, lagOrder, observations };
}

/** ⌊(n − 1)^⅓⌋, the fixed rule of Said and Dickey (1984): the order grows with the sample, slowly enough for the test to stay valid. */
export function ruleOfThumbLagOrder(length: number): number {
  return Math.floor(Math.cbrt(length - 1));
}

/** MacKinnon (2010), one variable with a constant, 5 %: the response surface for a finite sample. */
function criticalValueAt(observations: number): number {
  return -2.86154 - 2.8903 / observations - 4.234 / observations ** 2 - 40.04 / observations ** 3;
}

/** t-ratio of the coefficient of `regressor` alone; 0 when the fit is exact, which only a degenerate series is. */
function tRatio(target: Float64Array, regressor: Float64Array, degreesOfFreedom: number): number {
  const size = dot(regressor, regressor);
  const coefficient = dot(regressor, target) / size;
  projectOut(regressor, [target]);
  const variance = dot(target, target) / degreesOfFreedom;
  return variance > 0 ? coefficient / Math.sqrt(variance / size) : 0;
}

/** Takes from each target, in place, the part that lies along `direction`. */
function projectOut(direction: Float64Array, targets: readonly Float64Array[]): void {
  const size = dot(direction, direction);
  if (size === 0) return;
  for (const target of targets) {
    const share = dot(direction, target) / size;
    for (let row = 0; row < target.length; row += 1) {
      target[row] = (target[row] ?? Number.NaN) - share * (direction[row] ?? Number.NaN);
    }
  }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < left.length; row += 1) sum += (left[row] ?? Number.NaN) * (right[row] ?? Number.NaN);
  return sum;
}
