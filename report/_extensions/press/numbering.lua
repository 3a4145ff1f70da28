-- Numbers headings, figures and tables, and remembers every label. In one run over chapters, alike in both forms.

local problems = require("problems")
local simulated = require("simulated")
local writer = require("writer")

local stringify = pandoc.utils.stringify
local NBSP = "\u{a0}"

local numbering = {
  labels = {}, -- label -> the words that refer to it
  hidden = {}, -- label -> the condition that hides it
  lists = { fig = {}, tbl = {} },
}
local numbered = true
local counters = { 0, 0, 0, 0, 0, 0 }
local last_level = 0

-- A summary has few headings and no chapters: it numbers them only where its metadata says so.
function numbering.configure(meta)
  local own = meta.press or {}
  local given = own["number-sections"]
  if given ~= nil then
    numbered = given == true or (given ~= false and stringify(given) == "true")
    return
  end
  local template = meta["press-template"] or own.template
  numbered = not template or stringify(template) ~= "summary"
end

function numbering.hide(blocks, why)
  local function note(element)
    if element.identifier ~= "" then
      numbering.hidden[element.identifier] = why
    end
  end
  blocks:walk({ Div = note, Header = note, Figure = note, Table = note, Span = note, Image = note })
end

local function add_label(id, words, line)
  if numbering.labels[id] then
    problems.add(
      ("the label '%s' is used twice. Give one of the two another label."):format(id),
      { line = line, search = "#" .. id, last = true }
    )
    return
  end
  numbering.labels[id] = words
end

-- Gives "Figure 3" or "Table 3".
function numbering.number(kind, id, caption, line)
  local list = numbering.lists[kind]
  local words = (kind == "fig" and "Figure" or "Table") .. NBSP .. (#list + 1)
  list[#list + 1] = { id = id, number = words, caption = caption }
  add_label(id, words, line)
  return words
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
  local words = stringify(header)
  if numbered and not header.classes:includes("unnumbered") then
    counters[level] = counters[level] + 1
    for deeper = level + 1, 6 do
      counters[deeper] = 0
    end
    local number = table.concat(counters, ".", 1, level)
    words = (level == 1 and "Chapter" or "Section") .. NBSP .. number
    writer.section_number(header, number)
  end
  if header.identifier ~= "" then
    add_label(header.identifier, words)
  end
  return header
end

-- What else a link may point to.
function numbering.anchors(blocks)
  local function anchor(element)
    if element.identifier ~= "" and not numbering.labels[element.identifier] then
      numbering.labels[element.identifier] = stringify(element)
    end
  end
  blocks:walk({ Div = anchor, Span = anchor })
end

return numbering
