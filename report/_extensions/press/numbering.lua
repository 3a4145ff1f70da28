-- Numbers headings, figures, tables, boxes and formulas, and remembers every label. In one run over chapters, alike
-- in both forms.

local metadata = require("metadata")
local problems = require("problems")
local simulated = require("simulated")
local writer = require("writer")

local stringify = pandoc.utils.stringify
local NBSP = "\u{a0}"
local NAMES = { fig = "Figure", tbl = "Table", box = "Box", eq = "Equation" }

local numbering = {
  labels = {}, -- label -> { words = what refers to it; name, number: its two parts, where it is numbered }
  hidden = {}, -- label -> the condition that hides it
  lists = { fig = {}, tbl = {}, box = {}, eq = {} },
}
local numbered = true
local counters = { 0, 0, 0, 0, 0, 0 }
local appendices = 0
local last_level = 0

-- A summary has few headings and no chapters: it numbers them only where its metadata says so.
function numbering.configure(meta)
  local given = (meta.press or {})["number-sections"]
  if given ~= nil then
    numbered = given == true or (given ~= false and stringify(given) == "true")
    return
  end
  numbered = metadata.template(meta) ~= "summary"
end

function numbering.hide(blocks, why)
  local function note(element)
    if element.identifier ~= "" then
      numbering.hidden[element.identifier] = why
    end
  end
  blocks:walk({ Div = note, Header = note, Figure = note, Table = note, Span = note, Image = note })
end

local function add_label(id, label, line)
  if numbering.labels[id] then
    problems.add(
      ("the label '%s' is used twice. Give one of the two another label."):format(id),
      { line = line, search = "#" .. id, last = true }
    )
    return
  end
  numbering.labels[id] = label
end

-- Gives "Figure 3" or "Table 3".
function numbering.number(kind, id, caption, line)
  local list = numbering.lists[kind]
  local number = tostring(#list + 1)
  local words = NAMES[kind] .. NBSP .. number
  list[#list + 1] = { id = id, number = words, caption = caption }
  add_label(id, { words = words, name = NAMES[kind], number = number }, line)
  return words
end

-- Gives the number of a heading, and what it is called: "2.1", "Section"; "A", "Appendix".
local function number_of(header)
  local level = header.level
  local appendix = header.classes:includes("appendix")
  if appendix and level > 1 then
    problems.add("only a heading of level 1 (#) begins an appendix.", { search = stringify(header) })
  elseif appendix then
    appendices = appendices + 1
  elseif level == 1 and numbered and appendices > 0 then
    problems.add(
      ("the chapter '%s' comes after an appendix. Write {.appendix} or {.unnumbered} after it, or move it."):format(stringify(header)),
      { search = stringify(header) }
    )
  elseif not numbered then
    return nil
  end
  counters[level] = level > 1 and counters[level] + 1 or appendix and appendices or counters[1] + 1
  for deeper = level + 1, 6 do
    counters[deeper] = 0
  end
  local first = appendices > 0 and string.char(64 + math.min(appendices, 26)) or tostring(counters[1])
  local number = table.concat({ first, table.unpack(counters, 2, level) }, ".")
  return number, level > 1 and "Section" or appendix and "Appendix" or "Chapter"
end

function numbering.heading(header)
  local level = header.level
  if level > last_level + 1 then
    problems.add(
      ("the heading '%s' is of level %d, but %s. Levels may not be skipped."):format(
        stringify(header), level,
        last_level == 0 and "the first heading must be of level 1 (#)" or ("the one before it is of level " .. last_level)),
      { search = stringify(header) }
    )
  end
  last_level = level
  simulated.enter(level)
  local label = { words = stringify(header) }
  if not header.classes:includes("unnumbered") then
    local number, name = number_of(header)
    if number then
      label = { words = name .. NBSP .. number, name = name, number = number }
      if name == "Appendix" then
        header.content = pandoc.Inlines({ pandoc.Str(label.words .. ":"), pandoc.Space() }) .. header.content
      else
        writer.section_number(header, number)
      end
    end
  end
  if header.identifier ~= "" then
    add_label(header.identifier, label)
  end
  return header
end

-- What else a link may point to.
function numbering.anchor(element)
  if element.identifier ~= "" and not numbering.labels[element.identifier] then
    numbering.labels[element.identifier] = { words = stringify(element) }
  end
end

return numbering
