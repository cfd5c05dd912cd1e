import Engine
import Foundation

extension GroupNorm: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (weights, biases, channels) = (site.parameter(weight), site.parameter(bias), site.source.channels)
    return normalise(site.x, channels).enumerated().map { index, value in
      value.normalised * weights[index % channels] + biases[index % channels]
    }
  }

  /// Every number less the mean of its group, over its deviation; and one over the deviation.
  fileprivate func normalise(_ x: [Double], _ channels: Int) -> [(normalised: Double, factor: Double, group: Int)] {
    let width = channels / groups
    var values = [(normalised: Double, factor: Double, group: Int)](repeating: (0, 0, 0), count: x.count)
    for group in 0..<groups {
      let members = x.indices.filter { $0 % channels / width == group }
      let mean = members.reduce(0) { $0 + x[$1] } / Double(members.count)
      let variance = members.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(members.count)
      let factor = 1 / sqrt(variance + Double(epsilon))
      for index in members { values[index] = ((x[index] - mean) * factor, factor, group) }
    }
    return values
  }
}

extension GroupNormAdjoint: ReferenceOperation {
  /// With n the normalised numbers and g the gradient times the weight: `factor (g - mean(g) - n mean(g n))`, means over a group.
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (weights, channels) = (site.parameter(norm.weight), site.source.channels)
    let values = norm.normalise(site.x, channels)
    let scaled = site.gradient.enumerated().map { $1 * weights[$0 % channels] }
    var (sums, products) = ([Double](repeating: 0, count: norm.groups), [Double](repeating: 0, count: norm.groups))
    for (index, value) in values.enumerated() {
      sums[value.group] += scaled[index]
      products[value.group] += scaled[index] * value.normalised
    }
    let members = Double(site.x.count / norm.groups)
    return values.enumerated().map { index, value in
      value.factor * (scaled[index] - sums[value.group] / members - value.normalised * products[value.group] / members)
    }
  }
}

extension LayerNorm: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (x, channels) = (site.x, site.source.channels)
    let (weights, biases) = (weight.map(site.parameter), bias.map(site.parameter))
    return stride(from: 0, to: x.count, by: channels).flatMap { (start: Int) -> [Double] in
      let row = x[start..<start + channels]
      let mean = row.reduce(0, +) / Double(channels)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
      return row.enumerated().map { ($1 - mean) / sqrt(variance + Double(epsilon)) * (weights?[$0] ?? 1) + (biases?[$0] ?? 0) }
    }
  }
}
