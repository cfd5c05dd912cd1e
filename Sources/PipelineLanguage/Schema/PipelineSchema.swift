public import Basics
public import StageSchema

/// The JSON Schema (draft-07) of a pipeline file, derived from the stage catalogue: what editors complete and check.
///
/// It knows shapes, keys, types and ranges; what needs the whole file (references, edges, circles) only the program checks.
public enum PipelineSchema {
  public static func json(catalogue: [StageDescriptor]) -> JSONValue {
    let name: JSONValue = ["$ref": "#/definitions/name"]
    return [
      "$schema": "http://json-schema.org/draft-07/schema#",
      "title": "Plumbline pipeline",
      "description": "An experiment: parameters, the stages that use them, and how the stages feed each other.",
      "type": "object",
      "additionalProperties": false,
      "required": ["plumb", "name"],
      "anyOf": [["required": ["stages"]], ["required": ["use"]]],
      "properties": [
        "plumb": ["const": 1, "description": "Version of the file format."],
        "name": ["type": SchemaWords.text, "description": "Name of the experiment."],
        "about": ["type": SchemaWords.text, "description": "What the experiment is for, in a sentence or two."],
        "use": [
          "description": "Other pipeline files by name: their stages are name.stage here.", "type": ["object", "null"],
          "propertyNames": name, "additionalProperties": ["$ref": "#/definitions/import"],
        ],
        "params": [
          "description": "Parameters: one value each, or several as {sweep: [...]}. Used as $name, or $(name) inside of text.",
          "type": ["object", "null"], "propertyNames": name, "additionalProperties": ["$ref": "#/definitions/parameter"],
        ],
        "stages": [
          "description": "Stages by name.", "type": "object", "minProperties": 1, "propertyNames": name,
          "additionalProperties": ["$ref": "#/definitions/stage"],
        ],
        "exclude": [
          "description": "Cells to leave out: a list of coordinates, with lists for several values.", "type": "array",
          "items": ["type": "object", "minProperties": 1],
        ],
        "default": [
          "description": "What runs when nothing else is asked for.", "type": "array", "minItems": 1,
          "items": ["$ref": "#/definitions/edge"],
        ],
        "run": ["$ref": "#/definitions/run"],
      ],
      "definitions": .object(definitions(catalogue)),
    ]
  }

  private static func definitions(_ catalogue: [StageDescriptor]) -> [String: JSONValue] {
    var definitions: [String: JSONValue] = [
      "name": ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]*$"],
      "reference": [
        "description": "A parameter, or a field of one.", "type": "string",
        "pattern": "^\\$[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*$",
      ],
      "template": ["description": "Text with parameters in it.", "type": "string", "pattern": "\\$\\([A-Za-z_]"],
      "import": [
        "type": "object", "additionalProperties": false,
        "oneOf": [["required": ["file"]], ["required": ["url", "sha256"]]],
        "properties": [
          "file": [
            "type": "string", "description": "The file, relative to this one; it lies in or below the folder of the file that is run.",
          ],
          "url": ["type": "string", "description": "The address of the file, instead of file; needs sha256."],
          "sha256": ["type": "string", "pattern": "^[0-9A-Fa-f]{64}$", "description": "SHA-256 of the file, checked when it is read."],
          "params": [
            "description": "Values for parameters of the file; they may use parameters of this one.", "type": ["object", "null"],
            "propertyNames": ["$ref": "#/definitions/name"], "additionalProperties": ["$ref": "#/definitions/parameter"],
          ],
        ],
      ],
      "parameter": [
        "anyOf": [
          [
            "description": "Several values: a stage that mentions the parameter runs once per value.", "type": "object",
            "required": ["sweep"], "additionalProperties": false,
            "properties": [
              "sweep": [
                "description": "A list of values, maps for values that belong together, or ranges first:last:step.",
                "anyOf": [["type": "array", "minItems": 1], ["type": "string", "pattern": "^[^:]+:[^:]+:[^:]+$"]],
              ]
            ],
          ],
          ["type": "object", "not": ["required": ["sweep"]]],
          ["type": ["string", "number", "boolean", "null", "array"]],
        ]
      ],
      "edge": [
        "description": "stage, stage.output or \"stage[axis=value].output\".", "type": "string",
        "pattern": "^[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*(\\[.+\\])?(\\.[A-Za-z0-9_-]+)?$",
      ],
      "run": [
        "description": "Hints that never change a result.", "type": ["object", "null"], "additionalProperties": false,
        "properties": [
          "lanes": ["type": "integer", "minimum": 1, "maximum": 1024, "description": "Lanes (threads that each run the whole network)."],
          "memory": [
            "type": ["string", "number"], "minimum": 1, "pattern": "^\\+?[0-9.]+([eE][-+]?[0-9]+)? *([TGMK]iB|[TGMk]?B)?$",
            "description": "Memory to stay under: 2GiB.",
          ],
        ],
      ],
      "stage": [
        "type": "object", "required": ["uses"], "additionalProperties": false,
        "properties": [
          "uses": [
            "description": "What the stage does.",
            "oneOf": .list(catalogue.map { ["const": .text($0.name), "description": .text($0.doc)] }),
          ],
          "inputs": ["description": "Where each input comes from.", "type": ["object", "null"]],
          "with": ["description": "The fields of the stage.", "type": ["object", "null"]],
          "gather": ["description": "Axes to fold.", "type": "array", "items": ["type": "string"], "uniqueItems": true],
          "run": ["$ref": "#/definitions/run"],
        ],
        "allOf": .list(
          catalogue.map { stage in
            [
              "if": ["required": ["uses"], "properties": ["uses": ["const": .text(stage.name)]]],
              "then": ["$ref": .text("#/definitions/stage:\(stage.name)")],
            ]
          }),
      ],
    ]
    for stage in catalogue { definitions["stage:\(stage.name)"] = SchemaWords.stage(stage) }
    return definitions
  }
}
