/** A file, and each row's first line and values, or its error. */
type Rows = [line: number, read: object | string][];

const deep = `{"a":${"[".repeat(40)}${"]".repeat(40)}}`;
const large = `{"a":"${"x".repeat(4 * 1024 * 1024)}"}`;

export const uglyNdjson: Record<string, [file: string, rows: Rows]> = {
  "an object on each line": [
    '{"a":1}\n{"b":[true,null,{"c":"d"}]}\n',
    [
      [1, { a: 1 }],
      [2, { b: [true, null, { c: "d" }] }],
    ],
  ],
  "a mark, CRLF, and no line end at the end": [
    '\ufeff{"a":1}\r\n{"a":2}',
    [
      [1, { a: 1 }],
      [2, { a: 2 }],
    ],
  ],
  "blank lines": [
    '\n{"a":1}\n\r\n \t\n{"a":2}\n\n',
    [
      [2, { a: 1 }],
      [5, { a: 2 }],
    ],
  ],
  "nothing at all": ["", []],
  "leading zeros in text, escapes, every plane": [
    '{"zip":"01067","note":"\\u00fc\\n\\"\\ud83d\\ude00\\"","name":"李😀"}\n',
    [[1, { zip: "01067", note: 'ü\n"😀"', name: "李😀" }]],
  ],
  "lines that are no records, among some that are": [
    `{"a":1,}\n{"a":1}\n{"a":1,"a":2}\n[1]\n"x"\nnull\n{"a":1} {"a":2}\nname,city\n{"a":\n1}\n${deep}\n{"a":2}\n`,
    [
      [1, "is not JSON: an attribute's name is missing at line 1, column 8"],
      [2, { a: 1 }],
      [3, "a is given more than once"],
      [4, "is not an object"],
      [5, "is not an object"],
      [6, "is not an object"],
      [7, "is not JSON: there is text after the end at line 7, column 9"],
      [8, "is not JSON: unexpected text at line 8, column 1"],
      [9, "is not JSON: a value is missing at line 9, column 6"],
      [10, "is not JSON: there is text after the end at line 10, column 2"],
      [11, `a${".0".repeat(31)} must not be nested deeper than 32 levels`],
      [12, { a: 2 }],
    ],
  ],
  "what no record can hold": [
    '{"a":"\\u0000"}\n{"a":"\\ud800"}\n{"a":1e400}\n{"__proto__":{}}\n{"a":1,"b":{"c":"\\u0000","c":1}}\n',
    [
      [1, "a must not contain U+0000"],
      [2, "a must not contain an unpaired surrogate"],
      [3, "a is outside the range of numbers"],
      [4, "__proto__ is not a known attribute"],
      [5, "b.c must not contain U+0000; b.c is given more than once"],
    ],
  ],
  "a line of four megabytes": [
    `{"a":1}\n${large}\n{"a":2}\n`,
    [
      [1, { a: 1 }],
      [2, "is larger than 4194304 bytes"],
      [3, { a: 2 }],
    ],
  ],
};

type Document = { file: string; rows: Rows; options: Record<string, unknown> };

const two: Rows = [
  [1, { a: 1 }],
  [1, { a: 2 }],
];

export const uglyJson: Record<string, Document> = {
  "a list": { file: '[{"a":1},{"a":2}]', rows: two, options: {} },
  "an empty list": { file: " [ \n ] \n", rows: [], options: {} },
  "an empty list among options": {
    file: '{"customers":[],"mode":"create"}',
    rows: [],
    options: { mode: "create" },
  },
  "options before": {
    file: '{"mode":"create","atomic":true,"customers":[{"a":1},{"a":2}]}',
    rows: two,
    options: { mode: "create", atomic: true },
  },
  "options after, and on both sides": {
    file: '{"match_on":["id",["]","\\"}"]],"customers":[{"a":1},{"a":2}],"n":-1.5e3,"o":{"customers":[3]}}',
    rows: two,
    options: { match_on: ["id", ["]", '"}']], n: -1500, o: { customers: [3] } },
  },
  "a name in escapes": {
    file: '{"\\u0063ustomers":[{"a":1},{"a":2}],"m\\u00f6de":null}',
    rows: two,
    options: { möde: null },
  },
  "a mark, and white space wherever it may be": {
    file: '\ufeff\r\n{\t"customers" :\n[ {\n  "a"\n: 1 }\n ,\n\n{"a":2}\n] ,\n"mode" : "create"\n}\n',
    rows: [
      [3, { a: 1 }],
      [8, { a: 2 }],
    ],
    options: { mode: "create" },
  },
  "brackets, quotes and backslashes in text": {
    file: '[{"a":"}]\\"[{\\\\"},\n{"b\\\\":"\\\\\\"","c":"\\\\"}]',
    rows: [
      [1, { a: '}]"[{\\' }],
      [2, { "b\\": '\\"', c: "\\" }],
    ],
    options: {},
  },
  "rows that are no records": {
    file: `[1,"x",null,true,-0.5,[],{},\n{"a":1,"a":2},${deep},{"a":"\\u0000"},{"b":2}]`,
    rows: [
      [1, "is not an object"],
      [1, "is not an object"],
      [1, "is not an object"],
      [1, "is not an object"],
      [1, "is not an object"],
      [1, "is not an object"],
      [1, {}],
      [2, "a is given more than once"],
      [2, `a${".0".repeat(31)} must not be nested deeper than 32 levels`],
      [2, "a must not contain U+0000"],
      [2, { b: 2 }],
    ],
    options: {},
  },
};

/** Refused documents, with the errors of the document, its rows or its options. */
export const refusedJson: Record<string, [file: string, message: string]> = {
  "nothing at all": ["", "is empty"],
  "white space": [" \n", "is empty"],
  "a text": ['"x"', "is not JSON: it is neither a list nor an object at line 1"],
  CSV: ["name,city\nHans,Köln\n", "is not JSON: it is neither a list nor an object at line 1"],
  "no rows": ['{"mode":"create"}', 'has no list "customers"'],
  "rows that are no list": ['{"mode":1,\n"customers":{}}', 'has no list in "customers" at line 2'],
  "two lists of rows": [
    '{"customers":[],\n"customers":[]}',
    'has "customers" more than once, again at line 2',
  ],
  "an option twice": ['{"a":1,\n"\\u0061":2,"customers":[]}', 'has "a" more than once, again at line 2'],
  "an option that is broken": [
    '{"customers":[],\n"a":{"b":tru}}',
    "is not JSON: unexpected text at line 2, column 6",
  ],
  "an option with an attribute twice": [
    '{"customers":[],\n"a":{"b":1,"b":2}}',
    'has an unreadable "a" at line 2,is given more than once',
  ],
  "no comma": ['[{"a":1}\n{"a":2}]', "is not JSON: a comma or the closing bracket is missing at line 2"],
  "a comma too many": ['[{"a":1},\n]', "is not JSON: a row is missing at line 2"],
  "a comma at the beginning": ['[,{"a":1}]', "is not JSON: a row is missing at line 1"],
  "no colon": ['{"customers"\n[]}', "is not JSON: a colon is missing at line 2"],
  "no value": ['{"a":,"customers":[]}', "is not JSON: a value is missing at line 1"],
  "no name": ['{"customers":[],}', "is not JSON: an attribute's name is missing at line 1"],
  "a name without quotes": ["{customers:[]}", "is not JSON: an attribute's name is missing at line 1"],
  "a broken name": ['{"\\x":1,"customers":[]}', "is not JSON: an attribute's name cannot be read at line 1"],
  "no comma between attributes": [
    '{"customers":[] "a":1}',
    "is not JSON: a comma or the closing brace is missing at line 1",
  ],
  "a comment": ["// no\n[]", "is not JSON: it is neither a list nor an object at line 1"],
  "a broken row": ['[{"a":1},\n{"a":1,\n"b":}\n]', "is not JSON: a value is missing at line 3, column 5"],
  "a row with the wrong bracket": ['[{"a":1]]', "is not JSON: a comma is missing at line 1, column 7"],
  "more after the end": ["[]\n[]", "is not JSON: there is text after the end at line 2"],
  "a list that ends early": ['[{"a":1},\n', "is not JSON: it ends early, at line 2"],
  "an object that ends early": ['{"customers":[]\n', "is not JSON: it ends early, at line 2"],
  "a row that ends early": [
    '[{"a":1},\n{"a":"x\n',
    "is not JSON: the value that starts at line 2 is not closed",
  ],
  "a row of four megabytes": [
    `[{"a":1},\n${large}]`,
    "has a value that is larger than 4194304 bytes at line 2",
  ],
};
