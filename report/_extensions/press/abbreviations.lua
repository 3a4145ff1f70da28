-- Abbreviations and glossary (the metadata `glossary`, from report/glossary.yaml): first uses are spelled out,
-- and the two lists are made. In a document that shows a list, everything in it must be used.

local problems = require("problems")
local subset = require("subset")

local stringify = pandoc.utils.stringify
local abbreviations = {}

local entries = {} -- { short=, long=, plural=, term=, given=, used=, spelled= }
local by_short = {} -- "SMQ" and "SMQs" -> entry
local shown = {} -- the lists that the document has
local forbidden = nil -- the heading of a section without abbreviations
local forbidden_level = 0
local paragraph = "" -- the text of the present paragraph
local waiting = {} -- entries that stand in it before they are spelled out

local function escaped(text)
  return (text:gsub("%p", "%%%0"))
end

local function whole(text)
  return "%f[%w]" .. escaped(text) .. "s?%f[^%w]"
end

local function lists_in(blocks)
  for _, block in ipairs(blocks) do
    if block.t == "Div" then
      if block.classes:includes("list-of-abbreviations") or block.classes:includes("glossary") then
        shown[block.classes[1]] = true
      elseif block.classes:includes("content-visible") then
        lists_in(block.content)
      end
    end
  end
end

function abbreviations.configure(meta, blocks)
  lists_in(blocks)
  for _, given in ipairs(meta.glossary or {}) do
    local function text(name)
      return given[name] and stringify(given[name]) or nil
    end
    local entry = { short = text("short"), long = text("long"), plural = text("plural"), term = text("term"), given = given }
    entries[#entries + 1] = entry
    if entry.short then
      by_short[entry.short], by_short[entry.short .. "s"] = entry, entry
      entry.pattern = whole(entry.short)
      entry.in_full = entry.long:lower() .. " (" .. entry.short:lower()
      entry.in_full_plural = entry.plural and entry.plural:lower() .. " (" .. entry.short:lower()
    else
      entry.pattern = "%f[%w]" .. escaped(entry.term:lower())
    end
  end
end

local function around(text, pattern)
  local from, to = text:find(pattern)
  return text:sub(1, to):match("%S*%s*%S*$") .. (text:sub(to + 1):match("^%s*%S*") or ""), text:sub(from, to)
end

local function nothing_waiting()
  for entry, context in pairs(waiting) do
    if not entry.spelled then
      problems.add(
        ("'%s' is not spelled out before it is used. Write [%s]{.abbr}, or '%s (%s)'."):format(
          entry.short, entry.short, entry.long, entry.short),
        { search = context, otherwise = entry.short, literal = true }
      )
      entry.spelled = true
    end
  end
  waiting = {}
end

local function marked_as_used(text)
  local lower
  for _, entry in ipairs(entries) do
    if not entry.used then
      if entry.short then
        entry.used = text:find(entry.pattern) ~= nil
      else
        lower = lower or text:lower()
        entry.used = lower:find(entry.pattern) ~= nil
      end
    end
  end
end

-- The words of a caption: used, and not to be spelled out there.
abbreviations.seen = marked_as_used

function abbreviations.read(text)
  if #entries == 0 then
    return
  end
  nothing_waiting()
  paragraph = text
  marked_as_used(text)
  local lower = text:lower()
  for _, entry in ipairs(entries) do
    if entry.short and (forbidden or not entry.spelled) and text:find(entry.pattern) then
      if forbidden then
        local context, found = around(text, entry.pattern)
        problems.add(
          ("'%s' stands in the section '%s', which takes no abbreviations. Write '%s'."):format(found, forbidden, entry.long),
          { search = context, otherwise = entry.short, literal = true }
        )
      elseif lower:find(entry.in_full, 1, true) or entry.in_full_plural and lower:find(entry.in_full_plural, 1, true) then
        entry.spelled = true
      elseif shown["list-of-abbreviations"] then
        waiting[entry] = around(text, entry.pattern)
      end
    end
  end
end

-- What is read now takes no abbreviations, as far as `allow` or the next heading.
function abbreviations.forbid(name)
  forbidden, forbidden_level = name, 6
end

function abbreviations.allow()
  forbidden = nil
end

-- A heading ends a section without abbreviations, or begins one.
function abbreviations.enter(header)
  nothing_waiting()
  if forbidden and header.level <= forbidden_level then
    forbidden = nil
  end
  if header.classes:includes("no-abbreviations") then
    forbidden, forbidden_level = stringify(header), header.level
    header.classes = header.classes:filter(function(class) return class ~= "no-abbreviations" end)
  end
  marked_as_used(stringify(header))
  paragraph = nil
end

local function begins_a_sentence(short)
  local from = paragraph:find("%f[%w]" .. escaped(short))
  local before = from and paragraph:sub(1, from - 1) or "x"
  return before:match("^%W*$") or before:match("[.?!]%W*%s+%W*$")
end

local function capital(words)
  return pandoc.text.upper(pandoc.text.sub(words, 1, 1)) .. pandoc.text.sub(words, 2)
end

-- [SMQ]{.abbr}
function abbreviations.use(span, line)
  local short = stringify(span)
  local where = { line = line, search = short }
  local entry = by_short[short]
  subset.attributes(span, ("[%s]{.abbr}"):format(short), { abbr = true }, {}, where)
  if not entry then
    local known = {}
    for _, each in ipairs(entries) do
      known[#known + 1] = each.short
    end
    problems.add(("the abbreviation '%s' is not in the glossary."):format(short),
      { line = line, search = short, suggest = short, known = known })
    return span.content
  elseif not paragraph then
    problems.add(("'%s' cannot be spelled out in a heading. Write it without {.abbr}."):format(short), where)
    return span.content
  end
  entry.used = true
  local plural = short ~= entry.short
  if plural and not entry.plural then
    problems.add(("'%s' has no plural in the glossary. Add plural: to '%s'."):format(short, entry.short), where)
  end
  if forbidden then
    return span.content
  end
  local full = plural and entry.plural or entry.long
  if entry.spelled then
    return pandoc.Span({ pandoc.Str(short) }, { class = "abbr", title = full })
  end
  entry.spelled = true
  return pandoc.Inlines((begins_a_sentence(short) and capital(full) or full) .. " (" .. short .. ")")
end

-- The lists ----------------------------------------------------------------------------------------

local function sorted_by(key)
  local chosen = {}
  local function order(entry)
    return (pandoc.text.lower(entry[key]):gsub("[^%w\u{80}-\u{ff}]", ""))
  end
  for _, entry in ipairs(entries) do
    if entry[key] then
      chosen[#chosen + 1] = entry
    end
  end
  table.sort(chosen, function(one, other)
    return order(one) < order(other) or order(one) == order(other) and one[key] < other[key]
  end)
  return chosen
end

function abbreviations.placed(name)
  if (name == "glossary" or name == "list-of-abbreviations") and #entries == 0 then
    problems.add("there is no glossary. Name its file in _quarto.yml: metadata-files: [glossary.yaml].", { search = name })
  end
end

-- The blocks ::: {.list-of-abbreviations} and ::: {.glossary}
function abbreviations.list(name)
  local items = {}
  local key = name == "glossary" and "term" or "short"
  for i, entry in ipairs(sorted_by(key)) do
    local words = pandoc.Inlines(entry.short and capital(entry.long) or {})
    -- From the metadata only now: they have been walked since.
    local meaning = entry.given.meaning
    if meaning then
      words:extend(entry.short and { pandoc.Str(":"), pandoc.Space() } or {})
      words:extend(pandoc.utils.type(meaning) == "Blocks" and pandoc.utils.blocks_to_inlines(meaning) or meaning)
    end
    items[i] = { { pandoc.Str(entry[key]) }, { { pandoc.Plain(words) } } }
  end
  return #items > 0 and pandoc.DefinitionList(items) or pandoc.Plain("None.")
end

function abbreviations.finish()
  nothing_waiting()
  for _, entry in ipairs(entries) do
    local name = entry.short or entry.term
    if not entry.used and shown[entry.short and "list-of-abbreviations" or "glossary"] then
      problems.add(("'%s' is listed, but the document never uses it. Take it out."):format(name), { glossary = name })
    end
  end
end

return abbreviations
