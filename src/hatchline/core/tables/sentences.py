"""The sentences themselves: code → (Chinese, English). Placeholders are the problem's parameters."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # the file
    "file.empty": ("文件里没有任何内容。", "The file holds nothing."),
    "file.changed": (
        "文件与上传时不一样了，没有导入任何一行。",
        "The file is no longer what was uploaded; nothing was taken in.",
    ),
    "row.refused": ("{zh}", "{en}"),  # refused by the rules of the records it was to become, in their own words
    "file.not_opened": ("打不开文件 {name}：{reason}。", "{name} cannot be opened: {reason}."),
    "file.too_large": (
        "文件有 {megabytes} MB，上限是 {limit} MB。",
        "The file has {megabytes} MB; the limit is {limit} MB.",
    ),
    "file.wrong_type": ("这不是表格文件，内容是 {found}。", "This is not a table; its content is {found}."),
    "file.damaged": ("文件已损坏或不完整（{detail}）。", "The file is damaged or incomplete ({detail})."),
    "file.encrypted": ("工作簿设有打开密码。", "The workbook is protected by a password."),
    "file.zip_bomb": (
        "工作簿解压后至少有 {megabytes} MB，远超正常表格，未予打开（上限 {limit} MB）。",
        "Unpacked, the workbook has at least {megabytes} MB, beyond any real table; it was not opened (limit {limit}).",
    ),
    "file.no_sheets": ("工作簿里没有工作表。", "The workbook has no worksheet."),
    "file.no_such_sheet": (
        "没有名为“{wanted}”的工作表。最接近的：{names}。",
        "There is no sheet “{wanted}”. Nearest: {names}.",
    ),
    "file.too_many_columns": ("有 {count} 列，上限是 {limit} 列。", "There are {count} columns; the limit is {limit}."),
    "file.too_many_rows": ("超过 {limit} 行。", "There are more than {limit} rows."),
    "file.too_many_cells": (
        "工作表占 {rows} 行 × {columns} 列，超过工作簿的上限 {limit} 个单元格。",
        "The sheet spans {rows} rows × {columns} columns, beyond a workbook's limit of {limit} cells.",
    ),
    "file.encoding_unknown": ("不认识编码“{encoding}”。", "The encoding “{encoding}” is not known."),
    "file.encoding_unsure": (
        "编码看来是 {encoding}，但把握不大；也可能是 {others}。",
        "The encoding seems to be {encoding}, but this is not sure; it may be {others}.",
    ),
    "file.bad_bytes": (
        "按 {encoding} 读取时有些字节不是文字，所在的行会标出。",
        "Read as {encoding}, some bytes are not text; the rows that hold them are marked.",
    ),
    "file.not_text": ("文件不能按 {encoding} 读出文字。", "The file cannot be read as {encoding} text."),
    "file.nul_bytes": (
        "第 {line} 行含有空字节，这不是文本文件。",
        "Line {line} holds NUL bytes: this is not a text file.",
    ),
    "file.delimiter_unknown": ("不能用“{delimiter}”作分隔符。", "“{delimiter}” cannot be a delimiter."),
    "file.no_known_column": (
        "没有认出一列。表头是：{headers}。",
        "No column was recognised. The header reads: {headers}.",
    ),
    "file.quotes": ("从第 {row} 行起有一个引号没有闭合。", "A quotation mark opened about row {row} is never closed."),
    "file.damaged_row": ("第 {row} 行读不出来。", "Row {row} cannot be read."),
    # the table
    "table.no_such_column": (
        "找不到列“{column}”。表头里有：{found}。",
        "There is no column “{column}”. The header has: {found}.",
    ),
    "table.no_header_row": (
        "第 {number} 行不存在，找不到表头。",
        "Row {number} does not exist, so there is no header.",
    ),
    "table.unit_in_header": (
        "表头“{header}”写明单位是 {unit}，这一列对应到“{field}”时没有设单位。",
        "The header “{header}” names the unit {unit}; the mapping sets none for {field}.",
    ),
    "table.unit_above": (
        "表头上方写明单位是 {unit}，“{header}”对应到“{field}”时没有设单位。",
        "A line over the table names the unit {unit}; the mapping sets none for {field} ({header}).",
    ),
    "table.no_header": ("看不出哪一行是表头。", "No row looks like a header."),
    "row.beyond_header": (
        "这一行比表头多出 {count} 个有内容的单元格：{extra}。",
        "This row has {count} filled cells more than the header: {extra}.",
    ),
    # cells
    "cell.undecodable": ("有些字节不是文字（显示为 �）。", "Some bytes are not text (shown as �)."),
    "cell.too_long": (
        "单元格有 {length} 个字，上限是 {limit}。",
        "The cell has {length} characters; the limit is {limit}.",
    ),
    "cell.formula_without_value": (
        "单元格 {address} 是公式，但没有保存计算结果。",
        "Cell {address} is a formula whose result was not saved.",
    ),
    "cell.error_value": ("单元格 {address} 是错误值 {value}。", "Cell {address} is the error value {value}."),
    "cell.pattern_no_match": (
        "“{value}”不符合这一列约定的格式（{pattern}）。",
        "“{value}” does not fit the mapping's pattern {pattern}.",
    ),
    "value.not_in_table": (
        "“{value}”不在这一列的取值表里。",
        "“{value}” is not in the table of values of this column.",
    ),
    "field.required": ("缺少“{label}”。", "{label_en} is missing."),
    "text.too_long": ("有 {length} 个字，上限是 {limit}。", "It has {length} characters; the limit is {limit}."),
    "text.no_letters": ("“{value}”里没有文字。", "“{value}” holds no letters or digits."),
    "choice.unknown": ("“{value}”不在可选范围内。", "“{value}” is not one of the choices."),
    "bool.unclear": ("“{value}”看不出是还是否。", "“{value}” is neither yes nor no."),
    "number.not_a_number": ("“{value}”不是数字。", "“{value}” is not a number."),
    "number.separators": ("“{value}”的逗号和小数点看不清。", "The separators in “{value}” are not clear."),
    "number.unit": ("单位“{unit}”不适用。", "The unit “{unit}” does not apply."),
    "number.negative": (
        "{value} 是负数，这里不能小于 {minimum}。",
        "{value} is negative; the least here is {minimum}.",
    ),
    "number.below": ("{value} 小于下限 {minimum}。", "{value} is below the least, {minimum}."),
    "number.above": ("{value} 大于上限 {maximum}。", "{value} is above the most, {maximum}."),
    "number.not_whole": ("{value} 不是整数。", "{value} is not a whole number."),
    "coordinate.out_of_range": ("{value} 超出 ±{limit} 度。", "{value} is beyond ±{limit} degrees."),
    "url.not_an_address": ("“{value}”不是网址。", "“{value}” is not a web address."),
    "email.not_an_address": ("“{value}”不是电子邮箱。", "“{value}” is not an e-mail address."),
    "phone.not_a_number": ("“{value}”不是电话号码。", "“{value}” is not a phone number."),
    "credit_code.length": (
        "“{value}”有 {length} 位，统一社会信用代码是 18 位。",
        "“{value}” has {length} characters; a unified social credit code has 18.",
    ),
    "credit_code.characters": (
        "“{value}”含有信用代码不用的字符：{wrong}。",
        "“{value}” holds characters that credit codes never use: {wrong}.",
    ),
    "credit_code.check_digit": ("“{value}”的校验位不符。", "The check digit of “{value}” does not fit."),
    "credit_code.lost_digits": (
        "信用代码被表格当作数字存成了 {value}，后几位已经丢失。",
        "The spreadsheet stored the credit code as the number {value}: its last digits are lost.",
    ),
    # dates
    "date.not_a_date": ("“{value}”不是能读懂的日期。", "“{value}” is not a date that can be read."),
    "date.year_out_of_range": (
        "{year} 年不可信，应在 {lowest} 至 {highest} 年之间。",
        "The year {year} is not believed: {lowest} to {highest} is.",
    ),
    "date.no_such_month": ("没有 {month} 月。", "There is no month {month}."),
    "date.no_such_day": (
        "{year} 年 {month} 月没有 {day} 日，最后一天是 {last} 日。",
        "{year}-{month} has no day {day}; its last is {last}.",
    ),
    "date.no_such_quarter": ("“{value}”不是一至四季度。", "“{value}” is none of the four quarters."),
    "date.no_year": ("“{value}”没有写年份。", "“{value}” names no year."),
    "date.two_digit_year": ("“{value}”的年份只有两位。", "The year in “{value}” has two digits only."),
    "date.order_unclear": (
        "“{value}”看不出哪个是月、哪个是日。",
        "In “{value}” nobody can tell the day from the month.",
    ),
    "date.compact_unclear": ("“{value}”看不出是哪年哪月。", "“{value}” may be several dates."),
    "date.serial_out_of_range": (
        "“{value}”作为表格日期序号超出常理。",
        "“{value}” is no believable spreadsheet date number.",
    ),
    "date.month_cut": (
        "{value} 可能是 1 月，也可能是被表格截掉 0 的 10 月。",
        "{value} may be January, or October whose zero the spreadsheet cut off.",
    ),
    "date.lunar": ("“{value}”不是公历日期。", "“{value}” is not a date of the Gregorian calendar."),
    "date.range_backwards": ("“{value}”的结束早于开始。", "“{value}” ends before it begins."),
    "date.before_start": (
        "“{label}”{value} 早于“{other}”{start}。",
        "{label_en} {value} lies before {other_en} {start}.",
    ),
    # money
    "money.not_money": ("“{value}”不是能读懂的金额。", "“{value}” is not an amount that can be read."),
    "money.unit_unknown": ("不认识金额单位“{unit}”。", "The unit of money “{unit}” is not known."),
    "money.unit_unclear": (
        "“{value}”带货币符号，而本列的单位不是元，看不出应按哪个算。",
        "“{value}” has a currency sign while the column is not in single units: which counts is not clear.",
    ),
    "money.two_currencies": ("“{value}”写了两种货币。", "“{value}” names two currencies."),
    "money.separators": ("“{value}”的逗号和小数点看不清。", "The separators in “{value}” are not clear."),
    "money.range_backwards": (
        "“{value}”的区间前大后小，或币种不一。",
        "The range “{value}” runs backwards or mixes currencies.",
    ),
    "money.several": (
        "“{value}”里有 {count} 个金额，这里只能有一个。",
        "“{value}” holds {count} amounts where one belongs.",
    ),
    # the mapping
    "mapping.not_yaml": (
        "映射第 {line} 行第 {column} 列不是合法的 YAML：{detail}。",
        "Mapping line {line}, column {column} is not YAML: {detail}.",
    ),
    "mapping.too_large": ("映射超过 {limit} KB。", "The mapping is larger than {limit} KB."),
    "mapping.too_deep": (
        "映射第 {line} 行嵌套超过 {limit} 层。",
        "Mapping line {line}: nested more than {limit} levels deep.",
    ),
    "mapping.alias": (
        "映射第 {line} 行用了 YAML 锚或别名，这里不允许。",
        "Mapping line {line} uses a YAML anchor or alias, which is not allowed.",
    ),
    "mapping.key_not_text": ("映射第 {line} 行的键不是文字。", "Mapping line {line}: the key is not text."),
    "mapping.key_twice": (
        "映射第 {line} 行第 {column} 列：“{key}”写了两次。",
        "Mapping line {line}, column {column}: “{key}” appears twice.",
    ),
    "mapping.not_a_map": (
        "映射第 {line} 行：“{key}”应是键值对。",
        "Mapping line {line}: “{key}” should hold keys and values.",
    ),
    "mapping.not_a_list": ("映射第 {line} 行：“{key}”应是列表。", "Mapping line {line}: “{key}” should be a list."),
    "mapping.not_text": (
        "映射第 {line} 行第 {column} 列：“{key}”应是文字。",
        "Mapping line {line}, column {column}: “{key}” should be text.",
    ),
    "mapping.not_yes_no": (
        "映射第 {line} 行：“{key}”应是 true 或 false。",
        "Mapping line {line}: “{key}” should be true or false.",
    ),
    "mapping.missing": ("映射第 {line} 行缺少“{key}”。", "Mapping line {line}: “{key}” is missing."),
    "mapping.version": ("不认识映射版本 {value}。", "The mapping's version {value} is not known."),
    "mapping.unknown_key": (
        "映射第 {line} 行第 {column} 列：不认识“{key}”。最接近的：{nearest}",
        "Mapping line {line}, column {column}: “{key}” is not known. Nearest: {nearest}",
    ),
    "mapping.unknown_field": (
        "映射第 {line} 行第 {column} 列：没有字段“{field}”。最接近的：{nearest}",
        "Mapping line {line}, column {column}: there is no field “{field}”. Nearest: {nearest}",
    ),
    "mapping.not_allowed": (
        "映射第 {line} 行第 {column} 列：“{value}”不可用。可用的：{allowed}。",
        "Mapping line {line}, column {column}: “{value}” is not allowed. Allowed: {allowed}.",
    ),
    "mapping.pattern": (
        "映射第 {line} 行第 {column} 列的正则表达式有误：{detail}。",
        "Mapping line {line}, column {column}: bad pattern: {detail}.",
    ),
    "mapping.pattern_long": (
        "映射第 {line} 行的正则表达式超过 {limit} 个字符。",
        "Mapping line {line}: the pattern is longer than {limit} characters.",
    ),
    "mapping.pattern_repeat": (
        "映射第 {line} 行的正则表达式在重复里又有重复，可能永远算不完。",
        "Mapping line {line}: the pattern repeats inside a repeat and might never end.",
    ),
    "mapping.pattern_groups": (
        "映射第 {line} 行：没有写 field，正则表达式里就要有以字段命名的组。",
        "Mapping line {line}: without `field` the pattern needs groups named after fields.",
    ),
    "mapping.field_and_groups": (
        "映射第 {line} 行：field 与命名的组只能用一种。",
        "Mapping line {line}: use either `field` or named groups.",
    ),
    "mapping.one_column_key": (
        "映射第 {line} 行：column 与 columns 要写且只写一个。",
        "Mapping line {line}: write one of `column` and `columns`.",
    ),
    "mapping.header_row": (
        "映射第 {line} 行：header_row 应是 auto 或 0 至 1000 的行号。",
        "Mapping line {line}: header_row is auto or a row from 0 to 1000.",
    ),
    "mapping.year": (
        "映射第 {line} 行：{value} 不是 1900 至 2100 之间的年份。",
        "Mapping line {line}: {value} is not a year from 1900 to 2100.",
    ),
    "mapping.empty_condition": (
        "映射第 {line} 行的条件没有写要比较什么。",
        "Mapping line {line}: the condition compares nothing.",
    ),
    "mapping.otherwise": (
        "映射第 {line} 行：otherwise 应是 keep、reject、ignore 或 {{default: 值}}。",
        "Mapping line {line}: otherwise is keep, reject, ignore or {{default: value}}.",
    ),
    "mapping.split_single": (
        "映射第 {line} 行：“{field}”只能有一个值，不能拆分；每个各成一条记录的，写在 parts 里。",
        "Mapping line {line}: “{field}” takes one value and cannot be split; for a record each, use parts.",
    ),
    "mapping.unit": (
        "映射第 {line} 行：单位“{unit}”不适用于“{field}”（其单位是 {own}）。",
        "Mapping line {line}: the unit “{unit}” does not suit “{field}” (kept in {own}).",
    ),
    "mapping.required_field": (
        "没有哪一列对应到必填的“{label}”。",
        "The mapping gives no source for the required field {field}.",
    ),
    # what to do
    "hint.empty": ("请确认选对了文件。", "Check that this is the right file."),
    "hint.file": ("请检查文件路径与权限。", "Check the path and the permissions."),
    "hint.split_file": ("请拆成几个文件分别导入。", "Split it into several files."),
    "hint.wrong_type": (
        "请在表格软件中另存为 XLSX 或 CSV 再导入。",
        "Save it as XLSX or CSV in a spreadsheet program.",
    ),
    "hint.damaged": (
        "请重新下载，或在表格软件中打开后另存一份。",
        "Download it again, or open it in a spreadsheet program and save a copy.",
    ),
    "hint.encrypted": ("请去掉密码后再导入。", "Remove the password first."),
    "hint.zip_bomb": ("如果文件可信，请另存为 CSV 再导入。", "If you trust the file, save it as CSV."),
    "hint.sheet": ("请从列出的工作表中选择。", "Choose one of the sheets listed."),
    "hint.columns": ("请删去多余的空列，或检查分隔符。", "Delete the superfluous columns, or check the delimiter."),
    "hint.save_as_csv": ("请另存为 CSV 再导入。", "Save it as CSV."),
    "hint.encoding": ("请指定正确的编码（如 GB18030、UTF-8）。", "Name the right encoding (GB18030, UTF-8…)."),
    "hint.nul_bytes": (
        "请确认这是 CSV 文件，而不是程序导出的二进制文件。",
        "Check that this is a CSV file and not a program's own format.",
    ),
    "hint.delimiter": ("请用逗号、制表符、分号或竖线。", "Use a comma, tab, semicolon or bar."),
    "hint.write_mapping": (
        "请写一份映射，用 --mapping 给出；--guess 打印它的开头。",
        "Write a mapping and give it with --mapping; --guess prints its beginning.",
    ),
    "hint.quotes": ("请检查该行附近的双引号。", "Check the quotation marks near that row."),
    "hint.header_row": ("请核对表头在第几行。", "Check which row the header is in."),
    "hint.column_nearest": ("是不是“{nearest}”？", "Did you mean “{nearest}”?"),
    "hint.column": ("请核对表头或各列的对应。", "Check the header, or what the columns go to."),
    "hint.unit_in_header": (
        "请把这个单位写进这一列的对应关系，否则数会差很多倍。",
        "Write this unit into the mapping of the column; the figures are many times off otherwise.",
    ),
    "hint.beyond_header": (
        "多半是文字里有没加引号的分隔符。",
        "Most likely a text holds the delimiter without quotation marks.",
    ),
    "hint.formula": ("请在表格软件中打开、重新计算并保存。", "Open it in a spreadsheet program, recalculate and save."),
    "hint.error_value": ("请改正公式或填入数值。", "Mend the formula or type the value."),
    "hint.pattern_no_match": ("请改正单元格，或改这一列的格式。", "Mend the cell, or the pattern of its column."),
    "hint.value_table": ("可用的写法：{known}。", "Known words: {known}."),
    "hint.required": ("请填写后再导入。", "Fill it in."),
    "hint.shorten": ("请缩短。", "Shorten it."),
    "hint.choice": ("可以写：{known}。", "Write one of: {known_en}."),
    "hint.choice_nearest": (
        "是不是“{nearest}”？可以写：{known}。",
        "Did you mean “{nearest_en}”? Write one of: {known_en}.",
    ),
    "hint.bool": ("请写“是”或“否”。", "Write yes or no."),
    "hint.number": ("请只写数字，不知道就留空。", "Write digits only, or leave it empty when not known."),
    "hint.check_number": ("请核对。", "Check it."),
    "hint.coordinates": ("请检查经纬度是否写反。", "Check whether latitude and longitude were swapped."),
    "hint.url": ("例如 https://www.example.cn。", "For example https://www.example.org."),
    "hint.email": (
        "例如 name@example.cn；多个邮箱请用分号隔开。",
        "For example name@example.org; divide several with semicolons.",
    ),
    "hint.phone": ("例如 010-65000000。", "For example +44 20 7946 0000."),
    "hint.credit_code": (
        "请核对营业执照；没有信用代码的单位请留空，另填其他证件号。",
        "Check the licence; bodies without one leave it empty and give another number.",
    ),
    "hint.credit_code_check": ("仍会导入，请核对营业执照。", "It is taken all the same; please check the licence."),
    "hint.credit_code_text": ("请把该列设为文本格式后重新填写。", "Format the column as text and type the code again."),
    "hint.date_spellings": (
        "可以写 2014-06-05、2014年6月、2014Q2 等。",
        "Write 2014-06-05, June 2014, 2014Q2 or the like.",
    ),
    "hint.date_year": ("请核对年份。", "Check the year."),
    "hint.date_month": ("请写 1 至 12 月。", "Write a month from 1 to 12."),
    "hint.date_check_day": ("请核对日期。", "Check the day."),
    "hint.date_quarter": ("请写一至四季度。", "Write a quarter from 1 to 4."),
    "hint.date_no_year": ("请补上年份，如 2014-06-05。", "Add the year, as in 2014-06-05."),
    "hint.date_two_digit_year": (
        "请把年份写成四位，如 2014。",
        "Write the year with four digits, as in 2014.",
    ),
    "hint.date_order": (
        "请在“对应各列”一步选这样的日期按哪种顺序读，或把日期写成 2014-04-03。",
        "Choose the order of such dates where the columns are matched, or write it as 2014-04-03.",
    ),
    "hint.date_compact": ("请写成 2014-06-05。", "Write it as 2014-06-05."),
    "hint.date_serial": ("请写成 2014-06-05。", "Write it as 2014-06-05."),
    "hint.date_month_cut": ("请写成 2014-01 或 2014-10。", "Write 2014-01 or 2014-10."),
    "hint.date_lunar": ("请换算成公历。", "Give the Gregorian date."),
    "hint.date_range": ("请核对起止时间。", "Check the beginning and the end."),
    "hint.before_start": ("请核对这两个日期。", "Check both dates."),
    "hint.money_kept": (
        "这一行照常导入，原文保存，金额按未知。",
        "The row is taken in; the text is kept and the amount is unknown.",
    ),
    "hint.money_spellings": (
        "可以写 300万元、1.2亿、$1,200,000；未知请写“未披露”。",
        "Write 300万元, $1,200,000 or “undisclosed”.",
    ),
    "hint.money_unit": ("请用元、千元、万元、百万元或亿元。", "Use 元, 千元, 万元, 百万元 or 亿元."),
    "hint.money_unit_unclear": ("请在数字后写明单位。", "Write the unit after the number."),
    "hint.money_currency": ("请只写一种货币。", "Name one currency."),
    "hint.money_separators": ("请写成 1200000 或 1,200,000。", "Write 1200000 or 1,200,000."),
    "hint.money_range": ("请写成 100万-200万元。", "Write the smaller amount first."),
    "hint.money_several": ("请只留一个金额。", "Leave one amount."),
    "hint.mapping_yaml": ("请检查缩进、冒号与引号。", "Check indentation, colons and quotes."),
    "hint.pattern": ("请简化这个正则表达式。", "Simplify the pattern."),
    "hint.pattern_groups": ("例如 (?P<opened>.+)至(?P<closed>.+)。", "For example (?P<opened>.+) to (?P<closed>.+)."),
}
