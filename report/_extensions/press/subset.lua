-- The writing subset (docs/writing.md): what is outside it is a problem with its place, never passed through as text.
-- Under Quarto, whose own filters add elements of theirs, `press render` has checked the same sources already.

local problems = require("problems")

local subset = {}
local stringify = pandoc.utils.stringify

-- Syntax that pandoc leaves in the text where it does not understand it. In prose these belong into `code`.
local LEFT_OVER = {
  { "press-line=", "the attributes in braces are not understood. Write {#label .class name=\"value\"}, and blank lines around a block" },
  { ":::", "the line ':::' opens or closes no block. Leave a blank line before it" },
  { "{{<", "the shortcode is not understood" },
  { "[^", "the footnote has no text. Write [^name]: text" },
  { "[@", "the citation is not understood. Write [@key; @other]" },
  { "](", "the link or picture is not understood. Write [words](address), without spaces in the address" },
  { "![", "the picture is not understood. Write ![what it shows](path)" },
  { "{", "the brace belongs to nothing. Write code as `code`, attributes as []{name=value}" },
  { "}", "the brace belongs to nothing. Write code as `code`, attributes as []{name=value}" },
  { "$$", "the formula has no end" },
  { "**", "the bold words have no end, or there is a space inside the asterisks" },
  { "~~", "the struck words have no end" },
  { "`", "the code has no end" },
  { "<!--", "the comment has no end" },
}
local LABEL_KINDS = { fig = "a figure", tbl = "a table", sec = "a heading", eq = "a formula", box = "a box" }
local HEADING_CLASSES = {
  unnumbered = true, unlisted = true, appendix = true, landscape = true, ["no-abbreviations"] = true,
}

local function sorted(set)
  local names = {}
  for name in pairs(set) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function first_line(text)
  return text:match("^%s*([^\n]*)") or text
end

-- Attributes and labels ----------------------------------------------------------------------------

function subset.attributes(element, what, classes, attributes, where)
  for _, class in ipairs(element.classes) do
    if not classes[class] then
      problems.add(("%s has no class '.%s'."):format(what, class), {
        line = where.line, search = where.search, suggest = class, known = sorted(classes),
      })
    end
  end
  for name in pairs(element.attributes) do
    if not attributes[name] and name ~= "press-line" then
      problems.add(("%s has no attribute '%s'."):format(what, name), {
        line = where.line, search = where.search, suggest = name, known = sorted(attributes),
      })
    end
  end
end

-- `kinds`: the prefixes that a label on this element may have; another known prefix is a mistake.
function subset.label(id, kind, line)
  local prefix = id:match("^(%l+)%-")
  if prefix ~= kind and LABEL_KINDS[prefix] then
    problems.add(
      ("the label '%s' is one of %s, but stands on %s. Labels of %s begin with '%s-'."):format(
        id, LABEL_KINDS[prefix], LABEL_KINDS[kind] or "something else", LABEL_KINDS[kind] or "it", kind or ""),
      { line = line, search = "#" .. id }
    )
    return false
  end
  return true
end

function subset.heading(header)
  local where = { search = stringify(header) }
  subset.attributes(header, "a heading", HEADING_CLASSES, {}, where)
  subset.label(header.identifier, "sec")
  if header.level > 1 and header.classes:includes("landscape") then
    problems.add("only a heading of level 1 (#) turns the pages of its chapter.", where)
  end
end

-- What the prose may not hold ----------------------------------------------------------------------

local function raw(element)
  local form = element.format
  local advice = form == "tex"
      and "Write formulas between dollars, and a backslash as \\\\."
    or "Write it in markdown, write code as `code`, or put it into a block ::: {.raw-markup reason=\"…\"}."
  problems.add(("raw %s in the prose: '%s'. %s"):format(
    ({ html = "HTML", tex = "TeX", typst = "Typst" })[form] or form, first_line(element.text), advice),
    { search = first_line(element.text), raw = true })
  return {}
end

local function refuse(what, advice)
  return function(element)
    if element.t == "LineBlock" then
      element = pandoc.Plain(element.content[1])
    end
    local line = element.attributes and tonumber(element.attributes["press-line"])
    problems.add(("%s no part of the writing subset. %s"):format(what, advice),
      { line = line, search = first_line(stringify(element)) })
    return {}
  end
end

local function link(element)
  if not (element.target:match("^#.") or element.target:match("^https?://[^/]") or element.target:match("^mailto:.")) then
    local address = element.target:gsub("%%20", " ")
    problems.add(
      ("the link to '%s' leads nowhere. Write an address with https:// or mailto:, or #label."):format(address),
      { search = address, literal = true }
    )
    return element.content
  end
  local line = tonumber(element.attributes["press-line"])
  element.attributes["press-line"] = nil
  subset.attributes(element, "a link", { uri = true, email = true }, {}, { line = line, search = element.target })
end

local function code(element)
  subset.attributes(element, "code in a line", {}, {}, { search = element.text, raw = true })
  if element.text:match("^{[%a]") then
    problems.add("code is not run in a document. Put it into a notebook, and name its result.",
      { search = first_line(element.text:match("^[^ ]*")), raw = true })
  end
end

local function code_block(element)
  local where = { search = first_line(element.text), raw = true }
  for name in pairs(element.attributes) do
    problems.add(("a block of code has no attribute '%s'."):format(name), where)
  end
  if #element.classes > 1 or (element.classes[1] or ""):find("[^%w+#-]") then
    problems.add("a block of code takes the name of one language and no more: ```python.", where)
  end
end

subset.handlers = {
  RawInline = raw,
  RawBlock = raw,
  LineBlock = refuse("lines that begin with '|' are", "Write a list, or a table with a line |---|---| below its head."),
  SmallCaps = refuse("small capitals are", "Write *emphasis* or **bold**."),
  Underline = refuse("underlined words are", "Write *emphasis* or **bold**."),
  Code = code,
  CodeBlock = code_block,
}
subset.link = link

-- Text that was meant as markup --------------------------------------------------------------------

local function complain(token, why)
  problems.add(("'%s': %s."):format(token, why), { search = token, literal = true, line = tonumber(token:match("press%-line=(%d+)")) })
end

-- The words in which the syntax stands, or the next ones with the line that was written into them.
local function token_of(block, syntax)
  local found, line
  block:walk({
    traverse = "topdown",
    Cite = function() return nil, false end,
    Str = function(str)
      if not found and str.text:find(syntax, 1, true) then
        found = str.text
      elseif found and not line then
        line = str.text:match("press%-line=(%d+)")
      end
    end,
  })
  return found, tonumber(line)
end

local function left_over(block, text)
  -- Citations that are understood, which stand in the text as well.
  text = text:gsub("%[[^%[%]]*@[^%[%]]*%]", "")
  for _, each in ipairs(LEFT_OVER) do
    if text:find(each[1], 1, true) then
      local token, line = token_of(block, each[1])
      if token then
        line = line or tonumber(token:match("press%-line=(%d+)"))
        local words = token:gsub("%s*press%-line=%d+", "")
        problems.add((words:find("%w") and ("'%s': "):format(words) or "") .. each[2] .. ".",
          { search = token, literal = true, line = line })
        return
      end
    end
  end
  local prefix = text:match("%w@(%l+)%-%w")
  if LABEL_KINDS[prefix] then
    local token = token_of(block, "@" .. prefix .. "-")
    if token then
      complain(token, "a reference needs a space or a bracket before it")
    end
  end
end

-- A line that begins like a block of its own, in the middle of a paragraph.
local function swallowed(block, text)
  if not (text:find("%s[-*+|]") or text:find("%s#+") or text:find("%s%d+[.)]%s") or text:match("^#")) then
    return
  end
  local content = block.content
  for i, inline in ipairs(content) do
    local starts = inline.t == "Str" and (i == 1 or content[i - 1].t == "SoftBreak")
    local after = content[i + 1] and content[i + 1].t == "Space"
    if starts then
      local token = inline.text .. (after and " " or "") .. (after and content[i + 2] and stringify(content[i + 2]) or "")
      if inline.text:match("^#+$") and after and i > 1 then
        complain(token, "a heading needs a blank line before it")
      elseif inline.text:match("^#+%a") and #inline.text:match("^#+") <= 6 then
        complain(inline.text, "a heading needs a space after its #")
      elseif i > 1 and after and (inline.text:match("^[-*+]$") or inline.text:match("^%d+[.)]$")) then
        complain(token, "a list needs a blank line before it")
      elseif i > 1 and inline.text:match("^|") then
        complain(token, "a table needs a blank line before it")
      end
    end
  end
end

function subset.paragraph(block, text)
  left_over(block, text)
  swallowed(block, text)
end

return subset
